#include <array>

#include "templates.hpp"

namespace coven::sim::eventsub {
namespace {

constexpr std::array all = {
    Template{"channel.chat.message", "1",
             R"({"@broadcaster_user":"streamer","@chatter_user":"viewer",)"
             R"("message_id":"$id","message":{"text":"Hi chat",)"
             R"("fragments":[{"type":"text","text":"Hi chat","cheermote":null,)"
             R"("emote":null,"mention":null}]},"color":"#00FF7F",)"
             R"("badges":[{"set_id":"subscriber","id":"12","info":"16"}],)"
             R"("message_type":"text","cheer":null,"reply":null,)"
             R"("channel_points_custom_reward_id":null,"@source_broadcaster_user":null,)"
             R"("source_message_id":null,"source_badges":null,"is_source_only":null})"},
    Template{"channel.chat.notification", "1",
             R"({"@broadcaster_user":"streamer","@chatter_user":"viewer",)"
             R"("chatter_is_anonymous":false,"color":"","badges":[],)"
             R"("system_message":"viewer subscribed at Tier 1.","message_id":"$id",)"
             R"("message":{"text":"","fragments":[]},"notice_type":"sub",)"
             R"("sub":{"sub_tier":"1000","is_prime":false,"duration_months":1},)"
             R"("resub":null,"sub_gift":null,"community_sub_gift":null,)"
             R"("gift_paid_upgrade":null,"prime_paid_upgrade":null,"raid":null,)"
             R"("unraid":null,"pay_it_forward":null,"announcement":null,)"
             R"("charity_donation":null,"bits_badge_tier":null,"watch_streak":null,)"
             R"("modiversary":null,"shared_chat_sub":null,"shared_chat_resub":null,)"
             R"("shared_chat_sub_gift":null,"shared_chat_community_sub_gift":null,)"
             R"("shared_chat_gift_paid_upgrade":null,)"
             R"("shared_chat_prime_paid_upgrade":null,"shared_chat_raid":null,)"
             R"("shared_chat_pay_it_forward":null,"shared_chat_announcement":null,)"
             R"("@source_broadcaster_user":null,"source_message_id":null,)"
             R"("source_badges":null})"},
    Template{"channel.chat.clear", "1", R"({"@broadcaster_user":"streamer"})"},
    Template{"channel.chat.clear_user_messages", "1",
             R"({"@broadcaster_user":"streamer","@target_user":"viewer"})"},
    Template{"channel.chat.message_delete", "1",
             R"({"@broadcaster_user":"streamer","@target_user":"viewer",)"
             R"("message_id":"$id"})"},
    Template{"channel.chat_settings.update", "1",
             R"({"@broadcaster_user":"streamer","emote_mode":false,"follower_mode":false,)"
             R"("follower_mode_duration_minutes":null,"slow_mode":true,)"
             R"("slow_mode_wait_time_seconds":10,"subscriber_mode":false,)"
             R"("unique_chat_mode":false})"},
    Template{"channel.chat.user_message_hold", "1",
             R"({"@broadcaster_user":"streamer","@user":"viewer","message_id":"$id",)"
             R"("message":{"text":"Hi chat","fragments":[{"type":"text","text":"Hi chat",)"
             R"("cheermote":null,"emote":null}]}})"},
    Template{"channel.chat.user_message_update", "1",
             R"({"@broadcaster_user":"streamer","@user":"viewer","status":"approved",)"
             R"("message_id":"$id","message":{"text":"Hi chat",)"
             R"("fragments":[{"type":"text","text":"Hi chat","cheermote":null,)"
             R"("emote":null}]}})"},
    Template{"user.whisper.message", "1",
             R"({"@from_user":"viewer","@to_user":"coven_bot","whisper_id":"$id",)"
             R"("whisper":{"text":"a secret"}})"},
    Template{"user.update", "1",
             R"({"@user":"coven_bot","email_verified":true,"description":"somebody"})"},
    Template{"channel.shared_chat.begin", "1",
             R"({"session_id":"$id","@broadcaster_user":"streamer",)"
             R"("@host_broadcaster_user":"streamer",)"
             R"("participants":[{"@broadcaster_user":"streamer"},)"
             R"({"@broadcaster_user":"neighbour"}]})"},
    Template{"channel.shared_chat.update", "1",
             R"({"session_id":"$id","@broadcaster_user":"streamer",)"
             R"("@host_broadcaster_user":"streamer",)"
             R"("participants":[{"@broadcaster_user":"streamer"},)"
             R"({"@broadcaster_user":"neighbour"}]})"},
    Template{"channel.shared_chat.end", "1",
             R"({"session_id":"$id","@broadcaster_user":"streamer",)"
             R"("@host_broadcaster_user":"streamer"})"},
};

}  // namespace

std::span<const Template> chat_templates() { return all; }

}  // namespace coven::sim::eventsub
