#include "verbs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "coven/log.hpp"
#include "verb_table.hpp"

namespace coven::sim {
namespace {

auto all_verbs() {
    return std::array{
        chat_verbs(),         room_verbs(), api_verbs(), happening_verbs(), eventsub_ending_verbs(),
        eventsub_loss_verbs()};
}

/// nullptr = there is none of this name.
const Verb* find_verb(std::string_view name) {
    for (const auto& verbs : all_verbs()) {
        const auto found = std::ranges::find(verbs, name, &Verb::name);
        if (found != verbs.end()) return &*found;
    }
    return nullptr;
}

/// How a verb is written.
std::string usage_of(const Verb& verb) {
    std::string usage(verb.name);
    for (const auto* argument : verb.takes) {
        if (argument != nullptr) usage.append(" ").append(argument->name);
    }
    return usage;
}

/// Takes what the verb takes off `line`. What is wrong, or nothing.
std::optional<std::string> take_all(Command& command, const Verb& verb, std::string_view& line) {
    for (const auto* argument : verb.takes) {
        if (argument == nullptr) break;
        const bool all = argument->extent == Argument::Extent::rest_of_line;
        const auto word = all ? std::exchange(line, {}) : next_word(line);
        const auto fault = argument->take(command, word);
        if (fault) return "'" + std::string(verb.name) + "' needs " + *fault;
    }
    return std::nullopt;
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

Result<Command> parse_command(std::string_view line) {
    const auto name = next_word(line);
    const auto* const verb = find_verb(name);
    if (verb == nullptr) return Error{"no such verb: '" + std::string(name) + "'"};
    Command command;
    command.verb = verb->name;
    command.chat_play = verb->chat_play;
    command.api_play = verb->api_play;
    if (const auto fault = take_all(command, *verb, line)) return Error{*fault};
    if (const auto left = next_word(line); !left.empty()) {
        return Error{"'" + std::string(name) + "' does not take '" + std::string(left) + "'"};
    }
    return command;
}

Done carry_out(const Twitch& twitch, const Command& command) {
    Done done;
    if (command.chat_play != nullptr) done.count = command.chat_play(twitch.chat, command);
    if (command.api_play != nullptr) done = command.api_play(twitch.api, command);
    if (is_chat(command)) return done;
    twitch.chat.note_fault(command.verb);
    const bool is_target = command.api_play == nullptr || !command.target.is_all();
    const auto whom = is_target ? command.target.text() : command.login;
    log::info("done", {{"verb", command.verb}, {"target", whom}, {done.unit, done.count}});
    return done;
}

std::string verb_help() {
    std::string text;
    for (const auto& verbs : all_verbs()) {
        for (const auto& verb : verbs) {
            constexpr std::size_t column = 37;
            auto usage = usage_of(verb);
            usage.resize(std::max(column, usage.size() + 1), ' ');
            text.append(usage).append(verb.help).append("\n");
        }
    }
    return text;
}

}  // namespace coven::sim
