#include "script.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "coven/config.hpp"

namespace asio = boost::asio;

namespace coven::sim {
namespace {

void say(ChatServer& server, const Step& step) { server.say(step.channel, step.login, step.text); }

void act(ChatServer& server, const Step& step) {
    ChatMessage message;
    message.from = plain_person(step.login);
    message.channel = step.channel;
    message.text = step.text;
    message.voice = ChatMessage::Voice::action;
    server.say(std::move(message));
}

/// Which arguments a verb takes, in this order; the last takes the rest of the line.
enum class Takes { nothing, channel, text, channel_login_text };

struct Verb {
    std::string_view name;
    Takes takes;
    Step::Play play;
};

constexpr std::array verbs = {
    Verb{"wait", Takes::channel, nullptr},
    Verb{"say", Takes::channel_login_text, say},
    Verb{"action", Takes::channel_login_text, act},
    Verb{"raw", Takes::text, [](ChatServer& to, const Step& step) { to.send_raw(step.text); }},
    Verb{"frame", Takes::text, [](ChatServer& to, const Step& step) { to.send_frame(step.text); }},
    Verb{"cut", Takes::nothing, [](ChatServer& to, const Step&) { to.cut_all(); }},
    Verb{"reconnect", Takes::nothing, [](ChatServer& to, const Step&) { to.reconnect(); }},
    Verb{"silence", Takes::nothing, [](ChatServer& to, const Step&) { to.fall_silent(); }},
    Verb{"speak", Takes::nothing, [](ChatServer& to, const Step&) { to.speak_again(); }},
    Verb{"suspend", Takes::channel,
         [](ChatServer& to, const Step& step) { to.suspend(step.channel); }},
    Verb{"restore", Takes::channel,
         [](ChatServer& to, const Step& step) { to.restore(step.channel); }},
};

std::string_view next_word(std::string_view& rest) {
    const auto begin = std::min(rest.find_first_not_of(' '), rest.size());
    rest.remove_prefix(begin);
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return word;
}

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

/// What is missing, or nullptr.
const char* take_arguments(Step& step, const Verb& verb, std::string_view rest) {
    const bool has_channel =
        verb.takes == Takes::channel || verb.takes == Takes::channel_login_text;
    if (has_channel) {
        step.channel = next_word(rest);
        if (step.channel.empty()) return "a channel";
    }
    if (verb.takes == Takes::channel_login_text) {
        step.login = next_word(rest);
        if (step.login.empty()) return "a login";
    }
    if (verb.takes == Takes::nothing || verb.takes == Takes::channel) return nullptr;
    if (rest.empty()) return "a text";
    step.text = verb.name == "frame" ? resolve_escapes(rest) : std::string(rest);
    return nullptr;
}

Result<Step> parse_step(std::string_view line) {
    const auto pause = parse_duration(next_word(line));
    if (!pause) return pause.error();
    const auto name = next_word(line);
    const auto* const verb = std::ranges::find(verbs, name, &Verb::name);
    if (verb == verbs.end()) return Error{"no such verb: '" + std::string(name) + "'"};
    Step step;
    step.pause = *pause;
    step.play = verb->play;
    if (const char* missing = take_arguments(step, *verb, line)) {
        return Error{"'" + std::string(name) + "' needs " + missing};
    }
    return step;
}

}  // namespace

Result<std::vector<Step>> parse_script(std::string_view text) {
    std::vector<Step> steps;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.find_first_not_of(' ') == std::string_view::npos || line.starts_with('#'))
            continue;
        auto step = parse_step(line);
        if (!step) {
            return Error{"line " + std::to_string(number) +
                         " of the script: " + step.error().message};
        }
        steps.push_back(std::move(*step));
    }
    return steps;
}

asio::awaitable<void> play_script(ChatServer& server, std::vector<Step> steps) {
    for (const auto& step : steps) {
        co_await server.clock().sleep(step.pause);
        if (step.play == nullptr) {
            co_await server.until_joined(step.channel);
        } else {
            step.play(server, step);
        }
    }
}

}  // namespace coven::sim
