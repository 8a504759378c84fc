#include "presence_lines.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace coven::cli {

namespace {

constexpr auto reason_interval = std::chrono::seconds(5);
/// As many connectors as the broker admits.
constexpr std::size_t most_entries = 1000;

/// A start without a word is no news, and who stops or is gone is told by other means.
bool is_news(const v1::Presence& presence) {
    if (presence.state() == v1::Presence::STATE_STARTING) return !presence.reason().empty();
    return presence.state() == v1::Presence::STATE_READY ||
           presence.state() == v1::Presence::STATE_DEGRADED;
}

std::string enum_word(std::string name, int number) {
    const std::string prefix = "STATE_";
    if (!name.starts_with(prefix)) return fmt::format("state {}", number);
    name.erase(0, prefix.size());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

}  // namespace

std::string state_name(const v1::Presence& presence) {
    return enum_word(v1::Presence::State_Name(presence.state()), presence.state());
}

std::string state_name(const v1::ChannelState& channel) {
    return enum_word(v1::ChannelState::State_Name(channel.state()), channel.state());
}

void PresenceLines::hear(const v1::Presence& presence) {
    if (!entries_.contains(presence.instance()) && entries_.size() >= most_entries) return;
    auto& entry = entries_[presence.instance()];
    const bool same = entry.said_at && presence.state() == entry.said_state &&
                      presence.reason() == entry.said_reason;
    entry.unsaid = is_news(presence) && !same;
    entry.presence = presence;
    // Whoever comes back after its end is told of again.
    if (!is_news(presence)) entry.said_state = v1::Presence::STATE_UNSPECIFIED;
}

std::vector<PresenceLines::Line> PresenceLines::due(Instant now) {
    std::vector<Line> lines;
    for (auto& [instance, entry] : entries_) {
        const auto state = entry.presence.state();
        const bool waits =
            state == entry.said_state && entry.said_at && now - *entry.said_at < reason_interval;
        if (!entry.unsaid || waits) continue;
        const auto& reason = entry.presence.reason();
        lines.push_back(
            {instance, state, state_name(entry.presence) + (reason.empty() ? "" : ": " + reason)});
        entry.unsaid = false;
        entry.said_state = state;
        entry.said_reason = reason;
        entry.said_at = now;
    }
    return lines;
}

}  // namespace coven::cli
