#include <array>

#include "templates.hpp"

namespace coven::sim::eventsub {
namespace {

constexpr std::array all = {
    Template{"stream.online", "1",
             R"({"id":"9001","@broadcaster_user":"streamer","type":"live",)"
             R"("started_at":"$now"})"},
    Template{"stream.offline", "1", R"({"id":"9001","@broadcaster_user":"streamer"})"},
    Template{"channel.update", "2",
             R"({"@broadcaster_user":"streamer","title":"Best Stream Ever",)"
             R"("language":"en","category_id":"12453","category_name":"Grand Theft Auto",)"
             R"("content_classification_labels":["MatureGame"]})"},
    Template{"channel.follow", "2",
             R"({"@user":"viewer","@broadcaster_user":"streamer","followed_at":"$now"})"},
    Template{"channel.subscribe", "1",
             R"({"@user":"viewer","@broadcaster_user":"streamer","tier":"1000",)"
             R"("is_gift":false})"},
    Template{"channel.subscription.end", "1",
             R"({"@user":"viewer","@broadcaster_user":"streamer","tier":"1000",)"
             R"("is_gift":false})"},
    Template{"channel.subscription.gift", "1",
             R"({"@user":"viewer","@broadcaster_user":"streamer","total":2,"tier":"1000",)"
             R"("cumulative_total":284,"is_anonymous":false})"},
    Template{"channel.subscription.message", "1",
             R"({"@user":"viewer","@broadcaster_user":"streamer","tier":"1000",)"
             R"("message":{"text":"Love the stream! FevziGG","emotes":[{"begin":17,)"
             R"("end":23,"id":"302976485"}]},"cumulative_months":15,"streak_months":1,)"
             R"("duration_months":6})"},
    Template{"channel.cheer", "1",
             R"({"is_anonymous":false,"@user":"viewer","@broadcaster_user":"streamer",)"
             R"("message":"Cheer100 pogchamp","bits":100})"},
    Template{"channel.bits.use", "1",
             R"({"@user":"viewer","@broadcaster_user":"streamer","bits":100,)"
             R"("type":"cheer","power_up":null,"custom_power_up":null,)"
             R"("message":{"text":"Cheer100 hi","fragments":[{"type":"cheermote",)"
             R"("text":"Cheer100","cheermote":{"prefix":"Cheer","bits":100,"tier":100},)"
             R"("emote":null},{"type":"text","text":" hi","cheermote":null,)"
             R"("emote":null}]}})"},
    Template{"channel.raid", "1",
             R"({"@from_broadcaster_user":"raider","@to_broadcaster_user":"streamer",)"
             R"("viewers":9001})"},
    Template{"channel.ad_break.begin", "1",
             R"({"duration_seconds":60,"started_at":"$now","is_automatic":false,)"
             R"("@broadcaster_user":"streamer","@requester_user":"streamer"})"},
    Template{"channel.shoutout.create", "1",
             R"({"@broadcaster_user":"streamer","@moderator_user":"coven_bot",)"
             R"("@to_broadcaster_user":"friend","viewer_count":860,"started_at":"$now",)"
             R"("cooldown_ends_at":"$now+2m","target_cooldown_ends_at":"$now+1h"})"},
    Template{"channel.shoutout.receive", "1",
             R"({"@broadcaster_user":"streamer","@from_broadcaster_user":"friend",)"
             R"("viewer_count":860,"started_at":"$now"})"},
    Template{"channel.goal.begin", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","type":"subscription",)"
             R"("description":"Help me get partner!","current_amount":100,)"
             R"("target_amount":220,"started_at":"$now-1m"})"},
    Template{"channel.goal.progress", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","type":"subscription",)"
             R"("description":"Help me get partner!","current_amount":100,)"
             R"("target_amount":220,"started_at":"$now-1m"})"},
    Template{"channel.goal.end", "1",
             R"({"id":"$id","@broadcaster_user":"streamer","type":"subscription",)"
             R"("description":"Help me get partner!","is_achieved":true,)"
             R"("current_amount":220,"target_amount":220,"started_at":"$now-1h",)"
             R"("ended_at":"$now"})"},
    Template{"channel.charity_campaign.start", "1",
             R"({"id":"$id","@broadcaster":"streamer","charity_name":"Example name",)"
             R"("charity_description":"Example description",)"
             R"("charity_logo":"https://example.org/logo.png",)"
             R"("charity_website":"https://example.org","current_amount":{"value":260000,)"
             R"("decimal_places":2,"currency":"USD"},"target_amount":{"value":1500000,)"
             R"("decimal_places":2,"currency":"USD"},"started_at":"$now"})"},
    Template{"channel.charity_campaign.progress", "1",
             R"({"id":"$id","@broadcaster":"streamer","charity_name":"Example name",)"
             R"("charity_description":"Example description",)"
             R"("charity_logo":"https://example.org/logo.png",)"
             R"("charity_website":"https://example.org","current_amount":{"value":260000,)"
             R"("decimal_places":2,"currency":"USD"},"target_amount":{"value":1500000,)"
             R"("decimal_places":2,"currency":"USD"}})"},
    Template{"channel.charity_campaign.stop", "1",
             R"({"id":"$id","@broadcaster":"streamer","charity_name":"Example name",)"
             R"("charity_description":"Example description",)"
             R"("charity_logo":"https://example.org/logo.png",)"
             R"("charity_website":"https://example.org","current_amount":{"value":260000,)"
             R"("decimal_places":2,"currency":"USD"},"target_amount":{"value":1500000,)"
             R"("decimal_places":2,"currency":"USD"},"stopped_at":"$now"})"},
    Template{"channel.charity_campaign.donate", "1",
             R"({"id":"$id","campaign_id":"$id2","@broadcaster_user":"streamer",)"
             R"("@user":"viewer","charity_name":"Example name",)"
             R"("charity_description":"Example description",)"
             R"("charity_logo":"https://example.org/logo.png",)"
             R"("charity_website":"https://example.org","amount":{"value":10000,)"
             R"("decimal_places":2,"currency":"USD"}})"},
    Template{"channel.guest_star_session.begin", "beta",
             R"({"@broadcaster_user":"streamer","session_id":"$id","started_at":"$now"})"},
    Template{"channel.guest_star_session.end", "beta",
             R"({"@broadcaster_user":"streamer","session_id":"$id","started_at":"$now-1h",)"
             R"("ended_at":"$now","@host_user":"streamer"})"},
    Template{"channel.guest_star_guest.update", "beta",
             R"({"@broadcaster_user":"streamer","session_id":"$id",)"
             R"("@moderator_user":"coven_bot","@guest_user":"viewer","slot_id":"1",)"
             R"("state":"live","@host_user":"streamer","host_video_enabled":true,)"
             R"("host_audio_enabled":true,"host_volume":100})"},
    Template{"channel.guest_star_settings.update", "beta",
             R"({"@broadcaster_user":"streamer","is_moderator_send_live_enabled":true,)"
             R"("slot_count":5,"is_browser_source_audio_enabled":true,)"
             R"("group_layout":"tiled"})"},
};

}  // namespace

std::span<const Template> channel_templates() { return all; }

}  // namespace coven::sim::eventsub
