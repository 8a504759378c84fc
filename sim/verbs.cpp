#include "verbs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "coven/config.hpp"
#include "coven/log.hpp"
#include "garbage.hpp"

namespace coven::sim {
namespace {

using Use = void (*)(Connection&);

/// What a verb takes, one word each; `text` takes the rest of the line. A target may be left out.
enum class Takes { channel, login, text, escaped_text, kind, number, time, target };

constexpr std::string_view name_of(Takes what) {
    constexpr std::array<std::string_view, 8> names = {"CHANNEL", "LOGIN",  "TEXT", "TEXT",
                                                       "KIND",    "NUMBER", "TIME", "[TARGET]"};
    return names[static_cast<std::size_t>(what)];
}

std::size_t everybody(ChatServer& server) {
    return server.each(Target(), [](Connection&) {});
}

std::size_t say(ChatServer& server, const Command& command) {
    return server.say(command.channel, command.login, command.text);
}

std::size_t act(ChatServer& server, const Command& command) {
    ChatMessage message;
    message.from = plain_person(command.login);
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

struct Verb {
    static constexpr std::size_t most = 3;

    std::string_view name;
    std::array<std::optional<Takes>, most> takes;
    Command::Play play;
    std::string_view help;
};

constexpr auto nothing = std::nullopt;
constexpr std::array verbs = {
    Verb{"wait",
         {Takes::channel, nothing, nothing},
         nullptr,
         "in scripts: until somebody has joined"},
    Verb{"say", {Takes::channel, Takes::login, Takes::text}, say, "somebody chats"},
    Verb{"action", {Takes::channel, Takes::login, Takes::text}, act, "the same with /me"},
    Verb{"raw",
         {Takes::text, nothing, nothing},
         send_raw,
         "a line as it is, to the room it names or to everybody"},
    Verb{"frame",
         {Takes::escaped_text, nothing, nothing},
         send_frame,
         "one WebSocket message to everybody; \\r \\n \\1 \\\\"},
    Verb{"cut",
         {Takes::target, nothing, nothing},
         do_to_each<&Connection::cut>,
         "close without a goodbye"},
    Verb{"reset",
         {Takes::target, nothing, nothing},
         do_to_each<&Connection::reset>,
         "the same with a TCP reset"},
    Verb{"half-open",
         {Takes::target, nothing, nothing},
         do_to_each<&Connection::half_open>,
         "neither read nor write any more, and stay open"},
    Verb{"half-frame",
         {Takes::target, nothing, nothing},
         do_to_each<&Connection::stop_half_way>,
         "stop in the middle of the next frame, half open then"},
    Verb{"reconnect",
         {Takes::target, nothing, nothing},
         do_to_each<&Connection::ask_to_reconnect>,
         "say RECONNECT, hang up some time later"},
    Verb{"mute",
         {Takes::target, nothing, nothing},
         use_voice<Voice::mute>,
         "no more chat, but answers, such as PONG"},
    Verb{"silence",
         {Takes::target, nothing, nothing},
         use_voice<Voice::silent>,
         "not a word, not even PONG"},
    Verb{"speak",
         {Takes::target, nothing, nothing},
         use_voice<Voice::speaking>,
         "ends `mute` and `silence`"},
    Verb{"garbage",
         {Takes::kind, Takes::target, nothing},
         send_garbage,
         "KIND: binary, utf8 (broken), overlong (line), huge (message), lines (no IRC)"},
    Verb{"split",
         {Takes::number, Takes::target, nothing},
         deliver<Delivery::Kind::split>,
         "messages of at most NUMBER bytes, wherever that is in a line"},
    Verb{"fragments",
         {Takes::number, Takes::target, nothing},
         deliver<Delivery::Kind::fragments>,
         "messages in fragments of at most NUMBER bytes"},
    Verb{"pack",
         {Takes::number, Takes::target, nothing},
         deliver<Delivery::Kind::packed>,
         "NUMBER lines in each message; at most a second late"},
    Verb{"unpack",
         {Takes::target, nothing, nothing},
         deliver<Delivery::Kind::normal>,
         "ends `split`, `fragments` and `pack`"},
    Verb{"refuse-logins",
         {Takes::number, Takes::text, nothing},
         refuse_logins,
         "answer the next NUMBER logins with the notice TEXT; 0 = none"},
    Verb{"shut",
         {Takes::time, nothing, nothing},
         shut,
         "refuse new connections for so long; those that are there stay"},
    Verb{"slow-tls",
         {Takes::time, Takes::number, nothing},
         slow_tls,
         "NUMBER bytes of each TLS handshake, a pause of TIME, and so on; 0s 1 = at once"},
    Verb{"suspend",
         {Takes::channel, nothing, nothing},
         suspend,
         "a channel is suspended: throw everybody out"},
    Verb{"restore", {Takes::channel, nothing, nothing}, restore, "ends `suspend`"},
};

std::optional<char> escaped(char letter) {
    switch (letter) {
        case 'r':
            return '\r';
        case 'n':
            return '\n';
        case '1':
            return '\x01';
        case '\\':
            return '\\';
        default:
            return std::nullopt;
    }
}

/// `\r`, `\n`, `\1` (the byte around an action) and `\\` resolved; others stay as they are.
std::string resolve_escapes(std::string_view text) {
    std::string resolved;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool may_be = text[i] == '\\' && i + 1 < text.size();
        const auto byte = may_be ? escaped(text[i + 1]) : std::nullopt;
        resolved += byte.value_or(text[i]);
        if (byte) ++i;
    }
    return resolved;
}

std::string needs(std::string_view verb, std::string_view what) {
    return std::string("'").append(verb).append("' needs ").append(what);
}

/// `word` as the argument `what`; what is wrong, or nothing.
std::optional<std::string> take_word(Command& command, Takes what, std::string_view word) {
    if (what == Takes::channel) {
        command.channel = word.starts_with('#') ? word.substr(1) : word;
        if (command.channel.empty()) return needs(command.verb, "a channel");
    }
    if (what == Takes::login) {
        command.login = word;
        if (word.empty()) return needs(command.verb, "a login");
    }
    if (what == Takes::kind) {
        command.text = word;
        if (garbage(word).empty()) {
            return needs(command.verb, "a kind: binary, utf8, overlong, huge or lines");
        }
    }
    if (what == Takes::number) {
        const auto* const end = word.data() + word.size();
        const auto read = std::from_chars(word.data(), end, command.number);
        if (read.ec != std::errc() || read.ptr != end) return needs(command.verb, "a number");
    }
    if (what == Takes::time) {
        const auto time = parse_duration(word);
        if (!time) return needs(command.verb, "a time: ") + time.error().message;
        command.time = *time;
    }
    if (what == Takes::target && !word.empty()) {
        const auto target = parse_target(word);
        if (!target) return needs(command.verb, "a target: all, #channel or a connection's number");
        command.target = *target;
    }
    return std::nullopt;
}

bool takes_the_rest(Takes what) { return what == Takes::text || what == Takes::escaped_text; }

std::optional<std::string> take_text(Command& command, Takes what, std::string_view text) {
    if (text.empty()) return needs(command.verb, "a text");
    command.text = what == Takes::escaped_text ? resolve_escapes(text) : std::string(text);
    return std::nullopt;
}

/// Delivery and dribbles of nothing at a time would never end.
std::optional<std::string> size_fault(const Command& command, const Verb& verb) {
    const bool counts = verb.takes[0] == Takes::number || verb.takes[1] == Takes::number;
    if (counts && command.number == 0 && command.verb != "refuse-logins") {
        return needs(command.verb, "a number above 0");
    }
    return std::nullopt;
}

/// What a chat server does anyway.
bool is_chat(const Command& command) {
    constexpr std::array all = {say, act, send_raw, send_frame};
    return std::ranges::find(all, command.play) != all.end();
}

}  // namespace

std::string_view next_word(std::string_view& rest) {
    const auto begin = std::min(rest.find_first_not_of(' '), rest.size());
    rest.remove_prefix(begin);
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return word;
}

Result<Command> parse_command(std::string_view rest) {
    const auto name = next_word(rest);
    const auto* const verb = std::ranges::find(verbs, name, &Verb::name);
    if (verb == verbs.end()) return Error{"no such verb: '" + std::string(name) + "'"};
    Command command;
    command.verb = verb->name;
    command.play = verb->play;
    for (const auto& what : verb->takes) {
        if (!what) break;
        const bool all = takes_the_rest(*what);
        const auto word = all ? std::exchange(rest, {}) : next_word(rest);
        const auto fault = all ? take_text(command, *what, word) : take_word(command, *what, word);
        if (fault) return Error{*fault};
    }
    if (const auto fault = size_fault(command, *verb)) return Error{*fault};
    if (const auto left = next_word(rest); !left.empty()) {
        return Error{"'" + std::string(name) + "' does not take '" + std::string(left) + "'"};
    }
    return command;
}

std::size_t carry_out(ChatServer& server, const Command& command) {
    const auto connections = command.play(server, command);
    if (is_chat(command)) return connections;
    server.note_fault(command.verb);
    log::info(
        "done",
        {{"verb", command.verb}, {"target", command.target.text()}, {"connections", connections}});
    return connections;
}

std::string verb_help() {
    std::string text;
    for (const auto& verb : verbs) {
        std::string usage(verb.name);
        for (const auto& what : verb.takes) {
            if (what) usage.append(" ").append(name_of(*what));
        }
        constexpr std::size_t column = 30;
        usage.resize(std::max(column, usage.size() + 1), ' ');
        text.append(usage).append(verb.help).append("\n");
    }
    return text;
}

}  // namespace coven::sim
