#include "line_events/clear.hpp"

#include "coven/lower_case.hpp"
#include "coven/utf8.hpp"
#include "line_events/said.hpp"
#include "line_events/tag_bag.hpp"

namespace chat {

namespace {

using twitch::v1::ChatClear;
using twitch::v1::ChatDeleted;

/// Twitch gives a time to a timeout only, whatever it is.
ChatClear::Kind kind_of(const ChatClear& clear, std::string_view duration) {
    if (clear.target_user_id().empty() && clear.target_user_login().empty()) {
        return ChatClear::KIND_ROOM;
    }
    return duration.empty() ? ChatClear::KIND_BAN : ChatClear::KIND_TIMEOUT;
}

}  // namespace

ChatClear read_clear(const IrcLine& line) {
    TagBag tags(line.tags());
    ChatClear clear;
    clear.set_channel_id(tags.take("room-id"));
    clear.set_target_user_id(tags.take("target-user-id"));
    clear.set_target_user_login(coven::lower_case(coven::to_utf8(line.parameter(1))));
    clear.set_kind(kind_of(clear, line.tags().find("ban-duration")));
    clear.set_duration_s(tags.take_count("ban-duration"));
    clear.set_sent_us(tags.take_microseconds("tmi-sent-ts"));
    tags.pour_into(*clear.mutable_other_tags());
    return clear;
}

std::string id_of(const ChatClear& clear) {
    if (clear.sent_us() == 0) return {};
    const auto& target =
        clear.target_user_id().empty() ? clear.target_user_login() : clear.target_user_id();
    return "clear-" + clear.channel_id() + "-" + std::to_string(clear.sent_us()) + "-" +
           (target.empty() ? "room" : target) + "-" + std::to_string(clear.duration_s());
}

std::optional<ChatDeleted> read_deleted(const IrcLine& line, DeletedText text) {
    TagBag tags(line.tags());
    ChatDeleted deleted;
    deleted.set_target_message_id(tags.take("target-msg-id"));
    if (deleted.target_message_id().empty()) return std::nullopt;
    deleted.set_channel_id(tags.take("room-id"));
    deleted.set_user_login(coven::lower_case(tags.take("login")));
    if (text == DeletedText::tell) {
        auto said = said_in(line);
        deleted.set_text(std::move(said.text));
        deleted.set_action(said.action);
    }
    deleted.set_sent_us(tags.take_microseconds("tmi-sent-ts"));
    tags.pour_into(*deleted.mutable_other_tags());
    return deleted;
}

std::string id_of(const ChatDeleted& deleted) { return "deleted-" + deleted.target_message_id(); }

}  // namespace chat
