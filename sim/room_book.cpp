#include "room_book.hpp"

#include <algorithm>

namespace coven::sim {

RoomRules& RoomBook::of(std::string_view channel) {
    const auto place = rules_.find(channel);
    return place != rules_.end() ? place->second : rules_[std::string(channel)];
}

const RoomRules& RoomBook::look(std::string_view channel) const {
    static const RoomRules none;
    const auto place = rules_.find(channel);
    return place == rules_.end() ? none : place->second;
}

Role RoomBook::role(std::string_view channel, std::string_view login) const {
    if (channel == login) return Role::broadcaster;
    const auto& rules = look(channel);
    if (rules.moderators.contains(login)) return Role::moderator;
    return rules.vips.contains(login) ? Role::vip : Role::viewer;
}

void RoomBook::set_role(std::string_view channel, std::string_view login, Role role) {
    auto& rules = of(channel);
    const std::string name(login);
    rules.moderators.erase(name);
    rules.vips.erase(name);
    if (role == Role::moderator) rules.moderators.insert(name);
    if (role == Role::vip) rules.vips.insert(name);
}

std::vector<std::string> RoomBook::moderated_by(std::string_view login) const {
    std::vector<std::string> channels;
    for (const auto& [channel, rules] : rules_) {
        if (rules.moderators.contains(login)) channels.push_back(channel);
    }
    std::ranges::sort(channels);
    return channels;
}

std::optional<Duration> ban_left(const RoomRules& rules, std::string_view login, Instant now) {
    const auto ban = rules.bans.find(login);
    if (ban == rules.bans.end()) return std::nullopt;
    if (!ban->second) return Duration(0);
    if (*ban->second <= now) return std::nullopt;
    return *ban->second - now;
}

}  // namespace coven::sim
