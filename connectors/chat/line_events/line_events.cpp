#include "line_events/line_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "channel_login.hpp"
#include "coven/lower_case.hpp"
#include "coven/utf8.hpp"
#include "line_events/server_notice.hpp"
#include "line_events/tag_bag.hpp"
#include "line_events/user_state.hpp"

namespace chat {

namespace {

using google::protobuf::Message;

/// What concerns the connection alone, and messages, which ChatEvents reads. The numbers greet
/// after the login and list who is in a room.
constexpr std::array passed_over = {
    std::string_view("PRIVMSG"), std::string_view("PING"),      std::string_view("PONG"),
    std::string_view("CAP"),     std::string_view("RECONNECT"), std::string_view("001"),
    std::string_view("002"),     std::string_view("003"),       std::string_view("004"),
    std::string_view("353"),     std::string_view("366"),       std::string_view("372"),
    std::string_view("375"),     std::string_view("376"),
};

bool is_passed_over(std::string_view command) {
    return std::find(passed_over.begin(), passed_over.end(), command) != passed_over.end();
}

/// Empty when the line is not about one.
std::string channel_in(const IrcLine& line) {
    if (!line.parameter(0).starts_with('#')) return {};
    const auto login = parse_channel_login(line.parameter(0));
    return login ? *login : std::string();
}

}  // namespace

struct LineEvents::Reading {
    const IrcLine& line;
    std::string_view own_login;
    /// Empty: none.
    std::string channel;
    LineEvent result = {};

    /// Notes what the line says.
    Outcome tell(const char* last_word, const Message& payload, const std::string& id) {
        result.last_word = last_word;
        result.event.set_type(std::string("tv.twitch.chat.") + last_word);
        result.event.set_id(id);
        result.event.mutable_proto_data()->PackFrom(payload);
        return Outcome::told;
    }
    Outcome tell_raw(std::string_view text) {
        twitch::v1::ChatRaw raw;
        raw.set_command(coven::to_utf8(line.command()));
        raw.set_channel_login(channel);
        raw.set_line(coven::to_utf8(text));
        return tell("raw", raw, {});
    }
    /// What every event says of its line.
    void fill(coven::Time received, RawLines raw) {
        auto& event = result.event;
        TagBag tags(line.tags());
        event.set_channel_id(tags.take("room-id"));
        event.set_channel_login(channel);
        event.set_occurred_us(tags.take_microseconds("tmi-sent-ts"));
        event.set_received_us(coven::microseconds_since_epoch(received));
        if (raw == RawLines::keep) event.set_raw(std::string(line.text()));
        result.channel = channel.empty() ? no_channel : channel;
    }
};

std::optional<LineEvent> LineEvents::read(const IrcLine& line, coven::Time received,
                                          std::string_view own_login) {
    if (is_passed_over(line.command())) return std::nullopt;
    Reading reading{line, own_login, channel_in(line)};
    const auto outcome = read_typed(reading);
    if (outcome == Outcome::nothing) return std::nullopt;
    const bool hides_text =
        options_.deleted_text == DeletedText::leave_out && line.command() == "CLEARMSG";
    if (outcome == Outcome::unreadable) reading.tell_raw(hides_text ? "" : line.text());
    reading.fill(received, hides_text ? RawLines::leave_out : options_.raw);
    return std::move(reading.result);
}

LineEvents::Outcome LineEvents::read_typed(Reading& reading) {
    const auto& line = reading.line;
    const auto command = line.command();
    if (command == "NOTICE") {
        auto notice = read_server_notice(line);
        notice.set_channel_login(reading.channel);
        return reading.tell("server_notice", notice, {});
    }
    if (command == "GLOBALUSERSTATE") {
        return reading.tell("global_user_state", read_user_state(line, reading.own_login), {});
    }
    if (command == "WHISPER") return read_whisper(reading);
    if (command == "JOIN" || command == "PART") return read_member(reading);
    return reading.channel.empty() ? Outcome::unreadable : read_in_channel(reading);
}

LineEvents::Outcome LineEvents::read_in_channel(Reading& reading) {
    const auto& line = reading.line;
    const auto command = line.command();
    if (command == "USERNOTICE") return read_notice(reading);
    if (command == "CLEARMSG") return read_deleted(reading);
    if (command == "ROOMSTATE") return read_room(reading);
    if (command == "CLEARCHAT") {
        auto clear = chat::read_clear(line);
        clear.set_channel_login(reading.channel);
        return reading.tell("clear", clear, id_of(clear));
    }
    if (command == "USERSTATE") {
        auto state = read_user_state(line, reading.own_login);
        state.set_channel_login(reading.channel);
        return reading.tell("user_state", state, state.message_id());
    }
    return Outcome::unreadable;
}

LineEvents::Outcome LineEvents::read_notice(Reading& reading) {
    const auto notice = notices_.read(reading.line);
    return reading.tell("notice", notice, notice.id());
}

LineEvents::Outcome LineEvents::read_deleted(Reading& reading) const {
    auto deleted = chat::read_deleted(reading.line, options_.deleted_text);
    if (!deleted) return Outcome::unreadable;
    deleted->set_channel_login(reading.channel);
    return reading.tell("deleted", *deleted, id_of(*deleted));
}

LineEvents::Outcome LineEvents::read_room(Reading& reading) {
    const auto room = rooms_.hear(reading.channel, reading.line);
    if (!room) return Outcome::nothing;
    reading.result.event.set_flags(coven::v1::EVENT_FLAG_STATE);
    return reading.tell("room", *room, {});
}

LineEvents::Outcome LineEvents::read_member(Reading& reading) const {
    twitch::v1::ChatMember member;
    member.set_channel_login(reading.channel);
    member.set_user_login(coven::lower_case(coven::to_utf8(reading.line.nick())));
    // We are no viewer.
    if (!options_.membership || member.user_login() == reading.own_login) return Outcome::nothing;
    if (reading.channel.empty() || member.user_login().empty()) return Outcome::unreadable;
    return reading.tell(reading.line.command() == "JOIN" ? "join" : "part", member, {});
}

LineEvents::Outcome LineEvents::read_whisper(Reading& reading) const {
    if (!options_.whispers) return Outcome::nothing;
    const auto whisper = chat::read_whisper(reading.line);
    return reading.tell("whisper", whisper, id_of(whisper));
}

std::optional<LineEvent> LineEvents::forget(std::string_view channel, coven::Time now) {
    const auto room = rooms_.forget(channel);
    if (!room) return std::nullopt;
    LineEvent over{room->channel_login(), "room", {}};
    over.event.set_type("tv.twitch.chat.room");
    over.event.set_flags(coven::v1::EVENT_FLAG_STATE | coven::v1::EVENT_FLAG_STATE_OVER);
    over.event.set_channel_id(room->channel_id());
    over.event.set_channel_login(room->channel_login());
    over.event.set_received_us(coven::microseconds_since_epoch(now));
    over.event.mutable_proto_data()->PackFrom(*room);
    return over;
}

}  // namespace chat
