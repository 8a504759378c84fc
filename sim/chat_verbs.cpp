#include <algorithm>
#include <array>
#include <utility>

#include "garbage.hpp"
#include "verb_table.hpp"

namespace coven::sim {
namespace {

std::size_t everybody(ChatServer& server) {
    return server.each(Target(), [](Connection&) {});
}

std::size_t say(ChatServer& server, const Command& command) {
    return server.say(command.channel, command.login, command.text);
}

std::size_t act(ChatServer& server, const Command& command) {
    ChatMessage message;
    message.from = server.meet(command.login);
    message.channel = command.channel;
    message.text = command.text;
    message.voice = ChatMessage::Voice::action;
    return server.say(std::move(message));
}

std::size_t send_raw(ChatServer& server, const Command& command) {
    return server.send_raw(command.text);
}

std::size_t send_frame(ChatServer& server, const Command& command) {
    server.send_frame(command.text);
    return everybody(server);
}

/// A verb that does the same thing to each connection that is meant.
template <void (Connection::*Method)()>
std::size_t do_to_each(ChatServer& server, const Command& command) {
    return server.each(command.target, [](Connection& connection) { (connection.*Method)(); });
}

template <Voice voice>
std::size_t use_voice(ChatServer& server, const Command& command) {
    return server.set_voice(command.target, voice);
}

template <Delivery::Kind kind>
std::size_t deliver(ChatServer& server, const Command& command) {
    const Delivery delivery{.kind = kind, .size = command.number};
    return server.set_delivery(command.target, delivery);
}

std::size_t send_garbage(ChatServer& server, const Command& command) {
    const auto messages = garbage(command.text);
    return server.each(command.target, [&messages](Connection& connection) {
        for (const auto& one : messages) connection.send_frame(one.bytes, one.kind);
    });
}

std::size_t refuse_logins(ChatServer& server, const Command& command) {
    server.refuse_logins(command.number, command.text);
    return 0;
}

std::size_t shut(ChatServer& server, const Command& command) {
    server.shut(command.time);
    return 0;
}

std::size_t slow_tls(ChatServer& server, const Command& command) {
    const Dribble dribble{.pause = command.time, .bytes = command.number};
    server.set_handshake_dribble(dribble);
    return 0;
}

std::size_t suspend(ChatServer& server, const Command& command) {
    const auto heard = server.audience(command.channel);
    server.suspend(command.channel);
    return heard;
}

std::size_t restore(ChatServer& server, const Command& command) {
    server.restore(command.channel);
    return 0;
}

constexpr std::array all = {
    Verb{"wait", {&argument::channel}, nullptr, "in scripts: until somebody has joined"},
    Verb{"say", {&argument::channel, &argument::login, &argument::text}, say, "somebody chats"},
    Verb{"action",
         {&argument::channel, &argument::login, &argument::text},
         act,
         "the same with /me"},
    Verb{"raw",
         {&argument::text},
         send_raw,
         "a line as it is, to the room it names or to everybody"},
    Verb{"frame",
         {&argument::escaped_text},
         send_frame,
         "one WebSocket message to everybody; \\r \\n \\1 \\\\"},
    Verb{"cut", {&argument::target}, do_to_each<&Connection::cut>, "close without a goodbye"},
    Verb{"reset", {&argument::target}, do_to_each<&Connection::reset>, "the same with a TCP reset"},
    Verb{"half-open",
         {&argument::target},
         do_to_each<&Connection::half_open>,
         "neither read nor write any more, and stay open"},
    Verb{"half-frame",
         {&argument::target},
         do_to_each<&Connection::stop_half_way>,
         "stop in the middle of the next frame, half open then"},
    Verb{"reconnect",
         {&argument::target},
         do_to_each<&Connection::ask_to_reconnect>,
         "say RECONNECT, hang up some time later"},
    Verb{"mute",
         {&argument::target},
         use_voice<Voice::mute>,
         "no more chat, but answers, such as PONG"},
    Verb{"silence", {&argument::target}, use_voice<Voice::silent>, "not a word, not even PONG"},
    Verb{"speak", {&argument::target}, use_voice<Voice::speaking>, "ends `mute` and `silence`"},
    Verb{"garbage",
         {&argument::kind, &argument::target},
         send_garbage,
         "KIND: binary, utf8 (broken), overlong (line), huge (message), lines (no IRC)"},
    Verb{"split",
         {&argument::size, &argument::target},
         deliver<Delivery::Kind::split>,
         "messages of at most NUMBER bytes, wherever that is in a line"},
    Verb{"fragments",
         {&argument::size, &argument::target},
         deliver<Delivery::Kind::fragments>,
         "messages in fragments of at most NUMBER bytes"},
    Verb{"pack",
         {&argument::size, &argument::target},
         deliver<Delivery::Kind::packed>,
         "NUMBER lines in each message; at most a second late"},
    Verb{"unpack",
         {&argument::target},
         deliver<Delivery::Kind::normal>,
         "ends `split`, `fragments` and `pack`"},
    Verb{"refuse-logins",
         {&argument::count, &argument::text},
         refuse_logins,
         "answer the next NUMBER logins with the notice TEXT; 0 = none"},
    Verb{"shut",
         {&argument::time},
         shut,
         "refuse new connections for so long; those that are there stay"},
    Verb{"slow-tls",
         {&argument::time, &argument::size},
         slow_tls,
         "NUMBER bytes of each TLS handshake, a pause of TIME, and so on; 0s 1 = at once"},
    Verb{"suspend", {&argument::channel}, suspend, "a channel is suspended: throw everybody out"},
    Verb{"restore", {&argument::channel}, restore, "ends `suspend`"},
};

}  // namespace

std::span<const Verb> chat_verbs() { return all; }

bool is_chat(const Command& command) {
    constexpr std::array chats = {say, act, send_raw, send_frame};
    return std::ranges::find(chats, command.chat_play) != chats.end();
}

}  // namespace coven::sim
