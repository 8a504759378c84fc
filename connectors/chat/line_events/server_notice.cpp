#include "line_events/server_notice.hpp"

#include <algorithm>
#include <array>

#include "coven/utf8.hpp"
#include "line_events/tag_bag.hpp"

namespace chat {

namespace {

using Notice = twitch::v1::ChatServerNotice;

struct Row {
    std::string_view msg_id;
    Notice::Kind kind;
};

/// https://dev.twitch.tv/docs/chat/irc/#notice-message-ids (read 2026-11-22); those with r9k are
/// older than it.
constexpr std::array rows = {
    Row{"emote_only_off", Notice::KIND_ROOM_MODE},
    Row{"emote_only_on", Notice::KIND_ROOM_MODE},
    Row{"followers_off", Notice::KIND_ROOM_MODE},
    Row{"followers_on", Notice::KIND_ROOM_MODE},
    Row{"followers_on_zero", Notice::KIND_ROOM_MODE},
    Row{"r9k_off", Notice::KIND_ROOM_MODE},
    Row{"r9k_on", Notice::KIND_ROOM_MODE},
    Row{"slow_off", Notice::KIND_ROOM_MODE},
    Row{"slow_on", Notice::KIND_ROOM_MODE},
    Row{"subs_off", Notice::KIND_ROOM_MODE},
    Row{"subs_on", Notice::KIND_ROOM_MODE},
    Row{"msg_bad_characters", Notice::KIND_SEND_RETRY},
    Row{"msg_duplicate", Notice::KIND_SEND_RETRY},
    Row{"msg_r9k", Notice::KIND_SEND_RETRY},
    Row{"msg_ratelimit", Notice::KIND_SEND_RETRY},
    Row{"msg_rejected", Notice::KIND_SEND_RETRY},
    Row{"msg_rejected_mandatory", Notice::KIND_SEND_RETRY},
    Row{"msg_slowmode", Notice::KIND_SEND_RETRY},
    Row{"msg_emoteonly", Notice::KIND_SEND_STATE},
    Row{"msg_followersonly", Notice::KIND_SEND_STATE},
    Row{"msg_followersonly_followed", Notice::KIND_SEND_STATE},
    Row{"msg_followersonly_zero", Notice::KIND_SEND_STATE},
    Row{"msg_requires_verified_phone_number", Notice::KIND_SEND_STATE},
    Row{"msg_subsonly", Notice::KIND_SEND_STATE},
    Row{"msg_timedout", Notice::KIND_SEND_STATE},
    Row{"msg_verified_email", Notice::KIND_SEND_STATE},
    Row{"msg_banned", Notice::KIND_TERMINAL},
    Row{"msg_channel_blocked", Notice::KIND_TERMINAL},
    Row{"msg_channel_suspended", Notice::KIND_TERMINAL},
    Row{"msg_suspended", Notice::KIND_TERMINAL},
    Row{"tos_ban", Notice::KIND_TERMINAL},
};

}  // namespace

Notice::Kind kind_of_notice(std::string_view msg_id) {
    const auto* row = std::find_if(rows.begin(), rows.end(),
                                   [msg_id](const auto& each) { return each.msg_id == msg_id; });
    return row == rows.end() ? Notice::KIND_OTHER : row->kind;
}

Notice read_server_notice(const IrcLine& line) {
    TagBag tags(line.tags());
    Notice notice;
    notice.set_msg_id(tags.take("msg-id"));
    notice.set_kind(kind_of_notice(notice.msg_id()));
    notice.set_text(coven::to_utf8(line.rest_from(1)));
    notice.set_target_user_id(tags.take("target-user-id"));
    tags.pour_into(*notice.mutable_other_tags());
    return notice;
}

}  // namespace chat
