#include "send/roles.hpp"

#include <algorithm>
#include <array>

namespace chat {

namespace {

/// Twitch tells nobody that he is moderator or VIP no more; his next line does. So what it has said
/// is not believed for ever.
constexpr auto believed_for = std::chrono::minutes(10);
/// More are forgotten: whoever speaks in so many channels learns it again.
constexpr std::size_t most_known = 10000;

}  // namespace

Standing Roles::in(std::string_view channel, coven::Instant now) const {
    if (channel == login_) return Standing::privileged;
    const auto found = known_.find(channel);
    const bool is_known = found != known_.end() && now < found->second.until;
    return is_known ? found->second.standing : Standing::ordinary;
}

void Roles::learn(const std::string& channel, Standing standing, coven::Instant now) {
    if (known_.size() >= most_known) known_.clear();
    known_.insert_or_assign(channel, Role{standing, now + believed_for});
}

void Roles::learn_moderated(const std::vector<std::string>& channels, coven::Instant now) {
    for (const auto& channel : channels) learn(channel, Standing::privileged, now);
}

bool Roles::take_question(std::string_view channel, coven::Instant now) {
    if (now < next_question_ || in(channel, now) == Standing::privileged) return false;
    next_question_ = now + believed_for;
    return true;
}

Standing standing_in(const IrcLine& line) {
    constexpr std::array<std::string_view, 4> privileges = {"broadcaster", "moderator", "vip",
                                                            "lead_moderator"};
    auto badges = line.tags().find("badges");
    while (!badges.empty()) {
        const auto end = std::min(badges.find(','), badges.size());
        const auto badge = badges.substr(0, end);
        const auto name = badge.substr(0, badge.find('/'));
        const bool counts =
            std::find(privileges.begin(), privileges.end(), name) != privileges.end();
        if (counts) return Standing::privileged;
        badges.remove_prefix(std::min(end + 1, badges.size()));
    }
    const bool moderator = line.tags().find("mod") == "1";
    return moderator ? Standing::privileged : Standing::ordinary;
}

bool is_copy(const IrcLine& line) {
    const auto source = line.tags().find("source-room-id");
    return !source.empty() && source != line.tags().find("room-id");
}

}  // namespace chat
