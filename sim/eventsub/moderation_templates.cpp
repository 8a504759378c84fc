#include <array>

#include "templates.hpp"

namespace coven::sim::eventsub {
namespace {

constexpr std::array all = {
    Template{"channel.ban", "1",
             R"({"@user":"viewer","@broadcaster_user":"streamer",)"
             R"("@moderator_user":"coven_bot","reason":"Offensive language",)"
             R"("banned_at":"$now","ends_at":"$now+10m","is_permanent":false})"},
    Template{"channel.unban", "1",
             R"({"@user":"viewer","@broadcaster_user":"streamer",)"
             R"("@moderator_user":"coven_bot"})"},
    Template{"channel.moderate", "1",
             R"({"@broadcaster_user":"streamer","@source_broadcaster_user":null,)"
             R"("@moderator_user":"coven_bot","action":"timeout",)"
             R"("timeout":{"@user":"viewer","reason":"spam","expires_at":"$now+10m"},)"
             R"("followers":null,"slow":null,"vip":null,"unvip":null,"mod":null,)"
             R"("unmod":null,"ban":null,"unban":null,"untimeout":null,"raid":null,)"
             R"("unraid":null,"delete":null,"automod_terms":null,"unban_request":null,)"
             R"("shared_chat_ban":null,"shared_chat_unban":null,)"
             R"("shared_chat_timeout":null,"shared_chat_untimeout":null,)"
             R"("shared_chat_delete":null})"},
    Template{"channel.moderate", "2",
             R"({"@broadcaster_user":"streamer","@source_broadcaster_user":null,)"
             R"("@moderator_user":"coven_bot","action":"timeout",)"
             R"("timeout":{"@user":"viewer","reason":"spam","expires_at":"$now+10m"},)"
             R"("followers":null,"slow":null,"vip":null,"unvip":null,"mod":null,)"
             R"("unmod":null,"ban":null,"unban":null,"untimeout":null,"raid":null,)"
             R"("unraid":null,"delete":null,"automod_terms":null,"unban_request":null,)"
             R"("shared_chat_ban":null,"shared_chat_unban":null,)"
             R"("shared_chat_timeout":null,"shared_chat_untimeout":null,)"
             R"("shared_chat_delete":null,"warn":null})"},
    Template{"channel.moderator.add", "1", R"({"@user":"viewer","@broadcaster_user":"streamer"})"},
    Template{"channel.moderator.remove", "1",
             R"({"@user":"viewer","@broadcaster_user":"streamer"})"},
    Template{"channel.vip.add", "1", R"({"@user":"viewer","@broadcaster_user":"streamer"})"},
    Template{"channel.vip.remove", "1", R"({"@user":"viewer","@broadcaster_user":"streamer"})"},
    Template{"channel.shield_mode.begin", "1",
             R"({"@broadcaster_user":"streamer","@moderator_user":"coven_bot",)"
             R"("started_at":"$now"})"},
    Template{"channel.shield_mode.end", "1",
             R"({"@broadcaster_user":"streamer","@moderator_user":"coven_bot",)"
             R"("ended_at":"$now"})"},
    Template{"channel.warning.send", "1",
             R"({"@broadcaster_user":"streamer","@moderator_user":"coven_bot",)"
             R"("@user":"viewer","reason":"cut it out","chat_rules_cited":null})"},
    Template{"channel.warning.acknowledge", "1",
             R"({"@broadcaster_user":"streamer","@user":"viewer"})"},
    Template{"channel.unban_request.create", "1",
             R"({"id":"60","@broadcaster_user":"streamer","@user":"viewer",)"
             R"("text":"unban me","created_at":"$now"})"},
    Template{"channel.unban_request.resolve", "1",
             R"({"id":"60","@broadcaster_user":"streamer","@moderator_user":"coven_bot",)"
             R"("@user":"viewer","resolution_text":"no","status":"denied"})"},
    Template{"channel.suspicious_user.message", "1",
             R"({"@broadcaster_user":"streamer","@user":"viewer",)"
             R"("low_trust_status":"active_monitoring","shared_ban_channel_ids":[],)"
             R"("types":["ban_evader"],"ban_evasion_evaluation":"likely",)"
             R"("message":{"message_id":"$id","text":"Hi chat",)"
             R"("fragments":[{"type":"text","text":"Hi chat","cheermote":null,)"
             R"("emote":null}]}})"},
    Template{"channel.suspicious_user.update", "1",
             R"({"@broadcaster_user":"streamer","@moderator_user":"coven_bot",)"
             R"("@user":"viewer","low_trust_status":"restricted"})"},
    Template{"automod.message.hold", "1",
             R"({"@broadcaster_user":"streamer","@user":"viewer","message_id":"$id",)"
             R"("message":{"text":"Hi chat","fragments":[{"type":"text","text":"Hi chat",)"
             R"("cheermote":null,"emote":null}]},"category":"aggressive","level":2,)"
             R"("held_at":"$now"})"},
    Template{"automod.message.hold", "2",
             R"({"@broadcaster_user":"streamer","@user":"viewer","message_id":"$id",)"
             R"("message":{"text":"Hi chat","fragments":[{"type":"text","text":"Hi chat",)"
             R"("cheermote":null,"emote":null}]},"reason":"automod",)"
             R"("automod":{"category":"aggressive","level":2,"boundaries":[{"start_pos":0,)"
             R"("end_pos":6}]},"blocked_term":null,"held_at":"$now"})"},
    Template{"automod.message.update", "1",
             R"({"@broadcaster_user":"streamer","@user":"viewer",)"
             R"("@moderator_user":"coven_bot","message_id":"$id",)"
             R"("message":{"text":"Hi chat","fragments":[{"type":"text","text":"Hi chat",)"
             R"("cheermote":null,"emote":null}]},"category":"aggressive","level":2,)"
             R"("status":"Approved","held_at":"$now-1m"})"},
    Template{"automod.message.update", "2",
             R"({"@broadcaster_user":"streamer","@user":"viewer",)"
             R"("@moderator_user":"coven_bot","message_id":"$id",)"
             R"("message":{"text":"Hi chat","fragments":[{"type":"text","text":"Hi chat",)"
             R"("cheermote":null,"emote":null}]},"reason":"automod",)"
             R"("automod":{"category":"aggressive","level":2,"boundaries":[{"start_pos":0,)"
             R"("end_pos":6}]},"blocked_term":null,"status":"approved",)"
             R"("held_at":"$now-1m"})"},
    Template{"automod.settings.update", "1",
             R"({"@broadcaster_user":"streamer","@moderator_user":"coven_bot",)"
             R"("overall_level":null,"disability":0,"aggression":1,)"
             R"("sexuality_sex_or_gender":0,"misogyny":0,"bullying":0,"swearing":0,)"
             R"("race_ethnicity_or_religion":0,"sex_based_terms":0})"},
    Template{"automod.terms.update", "1",
             R"({"@broadcaster_user":"streamer","@moderator_user":"coven_bot",)"
             R"("action":"add_blocked","from_automod":false,"terms":["rude"]})"},
};

}  // namespace

std::span<const Template> moderation_templates() { return all; }

}  // namespace coven::sim::eventsub
