#include "types.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coven::sim::eventsub {
namespace {

constexpr std::string_view in_channel = "broadcaster_user_id";
constexpr std::string_view as_moderator = "broadcaster_user_id moderator_user_id";
constexpr std::string_view as_reader = "broadcaster_user_id user_id";
constexpr std::string_view of_reward = "broadcaster_user_id reward_id?";
constexpr std::string_view of_raid = "from_broadcaster_user_id|to_broadcaster_user_id";
constexpr std::string_view of_user = "user_id";

constexpr std::string_view redemptions = "channel:read:redemptions|channel:manage:redemptions";
constexpr std::string_view guest_star =
    "channel:read:guest_star|channel:manage:guest_star|moderator:read:guest_star|"
    "moderator:manage:guest_star";
constexpr std::string_view moderate_1 =
    "moderator:read:blocked_terms|moderator:manage:blocked_terms "
    "moderator:read:chat_settings|moderator:manage:chat_settings "
    "moderator:read:unban_requests|moderator:manage:unban_requests "
    "moderator:read:banned_users|moderator:manage:banned_users "
    "moderator:read:chat_messages|moderator:manage:chat_messages "
    "moderator:read:moderators moderator:read:vips";
constexpr std::string_view moderate_2 =
    "moderator:read:blocked_terms|moderator:manage:blocked_terms "
    "moderator:read:chat_settings|moderator:manage:chat_settings "
    "moderator:read:unban_requests|moderator:manage:unban_requests "
    "moderator:read:banned_users|moderator:manage:banned_users "
    "moderator:read:chat_messages|moderator:manage:chat_messages "
    "moderator:read:warnings|moderator:manage:warnings "
    "moderator:read:moderators moderator:read:vips";

constexpr std::array all = {
    Type{"automod.message.hold", "1", as_moderator, "moderator:manage:automod"},
    Type{"automod.message.hold", "2", as_moderator, "moderator:manage:automod"},
    Type{"automod.message.update", "1", as_moderator, "moderator:manage:automod"},
    Type{"automod.message.update", "2", as_moderator, "moderator:manage:automod"},
    Type{"automod.settings.update", "1", as_moderator, "moderator:read:automod_settings"},
    Type{"automod.terms.update", "1", as_moderator, "moderator:manage:automod"},
    Type{"channel.ad_break.begin", "1", in_channel, "channel:read:ads"},
    Type{"channel.ban", "1", in_channel, "channel:moderate"},
    Type{"channel.bits.use", "1", in_channel, "bits:read"},
    Type{"channel.channel_points_automatic_reward_redemption.add", "1", in_channel, redemptions},
    Type{"channel.channel_points_automatic_reward_redemption.add", "2", in_channel, redemptions},
    Type{"channel.channel_points_custom_reward.add", "1", in_channel, redemptions},
    Type{"channel.channel_points_custom_reward.remove", "1", of_reward, redemptions},
    Type{"channel.channel_points_custom_reward.update", "1", of_reward, redemptions},
    Type{"channel.channel_points_custom_reward_redemption.add", "1", of_reward, redemptions},
    Type{"channel.channel_points_custom_reward_redemption.update", "1", of_reward, redemptions},
    Type{"channel.charity_campaign.donate", "1", in_channel, "channel:read:charity"},
    Type{"channel.charity_campaign.progress", "1", in_channel, "channel:read:charity"},
    Type{"channel.charity_campaign.start", "1", in_channel, "channel:read:charity"},
    Type{"channel.charity_campaign.stop", "1", in_channel, "channel:read:charity"},
    Type{"channel.chat.clear", "1", as_reader, "user:read:chat"},
    Type{"channel.chat.clear_user_messages", "1", as_reader, "user:read:chat"},
    Type{"channel.chat.message", "1", as_reader, "user:read:chat"},
    Type{"channel.chat.message_delete", "1", as_reader, "user:read:chat"},
    Type{"channel.chat.notification", "1", as_reader, "user:read:chat"},
    Type{"channel.chat.user_message_hold", "1", as_reader, "user:read:chat"},
    Type{"channel.chat.user_message_update", "1", as_reader, "user:read:chat"},
    Type{"channel.chat_settings.update", "1", as_reader, "user:read:chat"},
    Type{"channel.cheer", "1", in_channel, "bits:read"},
    Type{"channel.custom_power_up_redemption.add", "1", of_reward, "bits:read"},
    Type{"channel.follow", "2", as_moderator, "moderator:read:followers"},
    Type{"channel.goal.begin", "1", in_channel, "channel:read:goals"},
    Type{"channel.goal.end", "1", in_channel, "channel:read:goals"},
    Type{"channel.goal.progress", "1", in_channel, "channel:read:goals"},
    Type{"channel.guest_star_guest.update", "beta", as_moderator, guest_star},
    Type{"channel.guest_star_session.begin", "beta", as_moderator, guest_star},
    Type{"channel.guest_star_session.end", "beta", as_moderator, guest_star},
    Type{"channel.guest_star_settings.update", "beta", as_moderator, guest_star},
    Type{"channel.hype_train.begin", "2", in_channel, "channel:read:hype_train"},
    Type{"channel.hype_train.end", "2", in_channel, "channel:read:hype_train"},
    Type{"channel.hype_train.progress", "2", in_channel, "channel:read:hype_train"},
    Type{"channel.moderate", "1", as_moderator, moderate_1},
    Type{"channel.moderate", "2", as_moderator, moderate_2},
    Type{"channel.moderator.add", "1", in_channel, "moderation:read"},
    Type{"channel.moderator.remove", "1", in_channel, "moderation:read"},
    Type{"channel.poll.begin", "1", in_channel, "channel:read:polls|channel:manage:polls"},
    Type{"channel.poll.end", "1", in_channel, "channel:read:polls|channel:manage:polls"},
    Type{"channel.poll.progress", "1", in_channel, "channel:read:polls|channel:manage:polls"},
    Type{"channel.prediction.begin", "1", in_channel,
         "channel:read:predictions|channel:manage:predictions"},
    Type{"channel.prediction.end", "1", in_channel,
         "channel:read:predictions|channel:manage:predictions"},
    Type{"channel.prediction.lock", "1", in_channel,
         "channel:read:predictions|channel:manage:predictions"},
    Type{"channel.prediction.progress", "1", in_channel,
         "channel:read:predictions|channel:manage:predictions"},
    Type{"channel.raid", "1", of_raid, ""},
    Type{"channel.shared_chat.begin", "1", in_channel, ""},
    Type{"channel.shared_chat.end", "1", in_channel, ""},
    Type{"channel.shared_chat.update", "1", in_channel, ""},
    Type{"channel.shield_mode.begin", "1", as_moderator,
         "moderator:read:shield_mode|moderator:manage:shield_mode"},
    Type{"channel.shield_mode.end", "1", as_moderator,
         "moderator:read:shield_mode|moderator:manage:shield_mode"},
    Type{"channel.shoutout.create", "1", as_moderator,
         "moderator:read:shoutouts|moderator:manage:shoutouts"},
    Type{"channel.shoutout.receive", "1", as_moderator,
         "moderator:read:shoutouts|moderator:manage:shoutouts"},
    Type{"channel.subscribe", "1", in_channel, "channel:read:subscriptions"},
    Type{"channel.subscription.end", "1", in_channel, "channel:read:subscriptions"},
    Type{"channel.subscription.gift", "1", in_channel, "channel:read:subscriptions"},
    Type{"channel.subscription.message", "1", in_channel, "channel:read:subscriptions"},
    Type{"channel.suspicious_user.message", "1", as_moderator, "moderator:read:suspicious_users"},
    Type{"channel.suspicious_user.update", "1", as_moderator, "moderator:read:suspicious_users"},
    Type{"channel.unban", "1", in_channel, "channel:moderate"},
    Type{"channel.unban_request.create", "1", as_moderator,
         "moderator:read:unban_requests|moderator:manage:unban_requests"},
    Type{"channel.unban_request.resolve", "1", as_moderator,
         "moderator:read:unban_requests|moderator:manage:unban_requests"},
    Type{"channel.update", "2", in_channel, ""},
    Type{"channel.vip.add", "1", in_channel, "channel:read:vips|channel:manage:vips"},
    Type{"channel.vip.remove", "1", in_channel, "channel:read:vips|channel:manage:vips"},
    Type{"channel.warning.acknowledge", "1", as_moderator,
         "moderator:read:warnings|moderator:manage:warnings"},
    Type{"channel.warning.send", "1", as_moderator,
         "moderator:read:warnings|moderator:manage:warnings"},
    Type{"stream.offline", "1", in_channel, ""},
    Type{"stream.online", "1", in_channel, ""},
    Type{"user.update", "1", of_user, ""},
    Type{"user.whisper.message", "1", of_user, "user:read:whispers|user:manage:whispers"},
};

struct Removed {
    std::string_view name;
    std::string_view version;
};
/// https://dev.twitch.tv/docs/change-log/ (read 2026-11-22)
constexpr std::array removed = {
    Removed{"channel.follow", "1"},           Removed{"channel.update", "1"},
    Removed{"channel.hype_train.begin", "1"}, Removed{"channel.hype_train.progress", "1"},
    Removed{"channel.hype_train.end", "1"},
};

}  // namespace

std::span<const Type> types() { return all; }

const Type* find_type(std::string_view name, std::string_view version) {
    const auto* const found = std::ranges::find_if(
        all, [&](const Type& one) { return one.name == name && one.version == version; });
    return found == all.end() ? nullptr : found;
}

bool was_removed(std::string_view name, std::string_view version) {
    return std::ranges::any_of(
        removed, [&](const Removed& one) { return one.name == name && one.version == version; });
}

}  // namespace coven::sim::eventsub
