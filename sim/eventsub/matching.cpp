#include "matching.hpp"

#include <algorithm>
#include <array>

namespace json = boost::json;

namespace coven::sim::eventsub {
namespace {

/// Where events say what a key of a condition is about.
struct Place {
    std::string_view key;
    /// Of all types that begin so.
    std::string_view type;
    std::string_view path;
};
constexpr std::array places = {
    // Who reads is no part of what happens, but for what concerns one chatter alone.
    Place{"user_id", "channel.chat.user_message_", "user_id"},
    Place{"user_id", "channel.", ""},
    Place{"user_id", "user.whisper", "to_user_id"},
    Place{"moderator_user_id", "", ""},
    Place{"broadcaster_user_id", "channel.charity_campaign.donate", "broadcaster_user_id"},
    Place{"broadcaster_user_id", "channel.charity_campaign", "broadcaster_id"},
    Place{"reward_id", "channel.channel_points_custom_reward_redemption", "reward.id"},
    Place{"reward_id", "channel.custom_power_up_redemption", "custom_power_up.id"},
    Place{"reward_id", "", "id"},
};

std::string_view path_of(std::string_view key, std::string_view type) {
    const auto* const found = std::ranges::find_if(places, [&](const Place& place) {
        return place.key == key && type.starts_with(place.type);
    });
    return found == places.end() ? key : found->path;
}

}  // namespace

std::string_view text_at(const json::object& event, std::string_view path) {
    const auto dot = path.find('.');
    const auto* const value = event.if_contains(path.substr(0, dot));
    if (value == nullptr) return {};
    const bool is_inside = dot != std::string_view::npos;
    if (is_inside && value->is_object()) return text_at(value->get_object(), path.substr(dot + 1));
    return !is_inside && value->is_string() ? std::string_view(value->get_string())
                                            : std::string_view();
}

bool matches(const Subscription& subscription, const json::object& event) {
    return std::ranges::all_of(subscription.condition, [&](const auto& entry) {
        const auto path = path_of(entry.first, subscription.type->name);
        return path.empty() || text_at(event, path) == entry.second;
    });
}

}  // namespace coven::sim::eventsub
