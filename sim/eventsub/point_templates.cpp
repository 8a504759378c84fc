#include <array>

#include "templates.hpp"

namespace coven::sim::eventsub {
namespace {

constexpr std::array all = {
    Template{"channel.channel_points_custom_reward_redemption.add", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","@user":"viewer",)"
             R"("user_input":"","status":"unfulfilled","reward":{"id":"$id2",)"
             R"("title":"Hydrate","cost":100,"prompt":"drink some water"},)"
             R"("redeemed_at":"$now"})"},
    Template{"channel.channel_points_custom_reward_redemption.update", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","@user":"viewer",)"
             R"("user_input":"","status":"fulfilled","reward":{"id":"$id2",)"
             R"("title":"Hydrate","cost":100,"prompt":"drink some water"},)"
             R"("redeemed_at":"$now-1m"})"},
    Template{"channel.channel_points_automatic_reward_redemption.add", "1",
             R"({"@broadcaster_user":"streamer","@user":"viewer","id":"$id",)"
             R"("reward":{"type":"send_highlighted_message","cost":100,)"
             R"("unlocked_emote":null},"message":{"text":"Hello world! VoHiYo",)"
             R"("emotes":[{"id":"81274","begin":13,"end":18}]},)"
             R"("user_input":"Hello world! VoHiYo ","redeemed_at":"$now"})"},
    Template{"channel.channel_points_automatic_reward_redemption.add", "2",
             R"({"@broadcaster_user":"streamer","@user":"viewer","id":"$id",)"
             R"("reward":{"type":"send_highlighted_message","channel_points":100,)"
             R"("emote":null},"message":{"text":"Hello world! VoHiYo",)"
             R"("fragments":[{"type":"text","text":"Hello world! ","emote":null},)"
             R"({"type":"emote","text":"VoHiYo","emote":{"id":"81274"}}]},)"
             R"("redeemed_at":"$now"})"},
    Template{"channel.channel_points_custom_reward.add", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","is_enabled":true,)"
             R"("is_paused":false,"is_in_stock":true,"title":"Hydrate","cost":100,)"
             R"("prompt":"drink some water","is_user_input_required":false,)"
             R"("should_redemptions_skip_request_queue":false,"cooldown_expires_at":null,)"
             R"("redemptions_redeemed_current_stream":null,)"
             R"("max_per_stream":{"is_enabled":false,"value":0},)"
             R"("max_per_user_per_stream":{"is_enabled":false,"value":0},)"
             R"("global_cooldown":{"is_enabled":false,"seconds":0},)"
             R"("background_color":"#FA1ED2","image":null,)"
             R"("default_image":{"url_1x":"https://static-cdn.jtvnw.net/rewards/1.png",)"
             R"("url_2x":"https://static-cdn.jtvnw.net/rewards/2.png",)"
             R"("url_4x":"https://static-cdn.jtvnw.net/rewards/4.png"}})"},
    Template{"channel.channel_points_custom_reward.update", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","is_enabled":true,)"
             R"("is_paused":false,"is_in_stock":true,"title":"Hydrate","cost":100,)"
             R"("prompt":"drink some water","is_user_input_required":false,)"
             R"("should_redemptions_skip_request_queue":false,"cooldown_expires_at":null,)"
             R"("redemptions_redeemed_current_stream":null,)"
             R"("max_per_stream":{"is_enabled":false,"value":0},)"
             R"("max_per_user_per_stream":{"is_enabled":false,"value":0},)"
             R"("global_cooldown":{"is_enabled":false,"seconds":0},)"
             R"("background_color":"#FA1ED2","image":null,)"
             R"("default_image":{"url_1x":"https://static-cdn.jtvnw.net/rewards/1.png",)"
             R"("url_2x":"https://static-cdn.jtvnw.net/rewards/2.png",)"
             R"("url_4x":"https://static-cdn.jtvnw.net/rewards/4.png"}})"},
    Template{"channel.channel_points_custom_reward.remove", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","is_enabled":true,)"
             R"("is_paused":false,"is_in_stock":true,"title":"Hydrate","cost":100,)"
             R"("prompt":"drink some water","is_user_input_required":false,)"
             R"("should_redemptions_skip_request_queue":false,"cooldown_expires_at":null,)"
             R"("redemptions_redeemed_current_stream":null,)"
             R"("max_per_stream":{"is_enabled":false,"value":0},)"
             R"("max_per_user_per_stream":{"is_enabled":false,"value":0},)"
             R"("global_cooldown":{"is_enabled":false,"seconds":0},)"
             R"("background_color":"#FA1ED2","image":null,)"
             R"("default_image":{"url_1x":"https://static-cdn.jtvnw.net/rewards/1.png",)"
             R"("url_2x":"https://static-cdn.jtvnw.net/rewards/2.png",)"
             R"("url_4x":"https://static-cdn.jtvnw.net/rewards/4.png"}})"},
    Template{"channel.custom_power_up_redemption.add", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","@user":"viewer",)"
             R"("user_input":"","status":"unfulfilled","custom_power_up":{"id":"$id2",)"
             R"("title":"Confetti","bits":50,"prompt":""},"redeemed_at":"$now"})"},
};

}  // namespace

std::span<const Template> point_templates() { return all; }

}  // namespace coven::sim::eventsub
