#include "refusals.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "coven/daemon.hpp"
#include "coven/nearest.hpp"
#include "safe_text.hpp"

namespace coven::cli {

namespace {

/// The second words of the commands of a group, or the first words of all.
std::vector<std::string> names_below(const std::string& group) {
    std::vector<std::string> names;
    for (const auto& command : command_table()) {
        auto name = std::string(command.name);
        if (command.use == Command::Use::internal) continue;
        if (!group.empty() && !name.starts_with(group + " ")) continue;
        if (!group.empty()) name.erase(0, group.size() + 1);
        name = name.substr(0, name.find(' '));
        if (names.empty() || names.back() != name) names.push_back(name);
    }
    return names;
}

bool asks_for_text(std::string_view word) {
    return word == "--help" || word == "-h" || word == "--version";
}

}  // namespace

Answer refusal(const std::string& what, const std::string& reason) {
    return {exit_usage,
            fmt::format("{}: {} ({} --help says what there is)\n", what, safe_text(reason), what)};
}

std::string full_name(const Command& command) { return fmt::format("coven {}", command.name); }

const Command* command_named(const std::vector<std::string>& words) {
    if (words.empty()) return nullptr;
    const auto& one = words.front();
    const auto two = words.size() < 2 ? one : one + " " + words[1];
    // Below "channels" there is "channels add".
    for (const auto& name : {two, one}) {
        for (const auto& command : command_table()) {
            if (command.name == name) return &command;
        }
    }
    return nullptr;
}

std::optional<Answer> unknown_command(const std::vector<std::string>& words) {
    if (words.empty()) return refusal("coven", "which command?");
    if (command_named(words) != nullptr || asks_for_text(words.front())) return {};
    if (words.front().starts_with('-')) {
        return refusal("coven", "there is no flag '" + words.front() + "' in front of a command");
    }
    const auto known = names_below(words.front());
    if (known.empty()) {
        const auto all = names_below("");
        auto hint = did_you_mean(words.front(), all);
        if (hint.empty()) hint = fmt::format(", only: {}", fmt::join(all, ", "));
        return refusal("coven", fmt::format("there is no command '{}'{}", words.front(), hint));
    }
    const auto group = "coven " + words.front();
    if (words.size() > 1 && asks_for_text(words[1])) return {};
    if (words.size() == 1 || words[1].starts_with('-')) {
        return refusal(group, fmt::format("which of {}?", fmt::join(known, ", ")));
    }
    auto hint = did_you_mean(words[1], known);
    if (hint.empty()) hint = fmt::format(", only: {}", fmt::join(known, ", "));
    return refusal(group, fmt::format("there is no command '{}'{}", words[1], hint));
}

std::vector<const Flag*> flags_of(const Command& command) {
    std::vector<const Flag*> flags;
    for (const auto& flag : command.flags) flags.push_back(&flag);
    for (const auto& flag : common_flags()) flags.push_back(&flag);
    return flags;
}

Answer misplaced(const Command& command, const Command& below) {
    const auto word = below.name.substr(command.name.size() + 1);
    return refusal(full_name(below), fmt::format("'{}' comes right behind 'coven {}', and options "
                                                 "behind both",
                                                 word, command.name));
}

Answer left_over(const Command& command, const std::string& word) {
    if (!word.starts_with('-')) {
        return refusal(full_name(command), "takes no further word: '" + word + "'");
    }
    const auto name = word.substr(0, word.find('='));
    std::vector<std::string> known = {"--help"};
    for (const auto* flag : flags_of(command)) known.emplace_back(flag->name);
    const auto hint = word.starts_with("--") ? did_you_mean(name, known) : "";
    return refusal(full_name(command), "there is no flag '" + name + "'" + hint);
}

}  // namespace coven::cli
