#include "command_line.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "coven/config.hpp"
#include "coven/daemon.hpp"
#include "safe_text.hpp"

namespace coven::cli {

namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// What is wrong with a flag's value, or an empty text: CLI11's convention.
std::string value_fault(const Flag& flag, const std::string& value) {
    if (flag.kind == Flag::Kind::number && !parse_number(value)) {
        return "is no number: '" + value + "'";
    }
    if (flag.kind == Flag::Kind::duration) {
        const auto time = parse_time(value);
        if (time.has_error()) return time.error().message;
    }
    return {};
}

std::vector<std::string> words_of(std::string_view choices) {
    std::vector<std::string> words;
    std::istringstream parts{std::string(choices)};
    for (std::string word; std::getline(parts, word, '|');) words.push_back(word);
    return words;
}

/// What CLI11 writes into while it reads: one place for each flag and the arguments.
struct Given {
    struct Value {
        const Flag* flag;
        std::string text;
        CLI::Option* option = nullptr;
    };
    /// CLI11 keeps pointers into it.
    std::deque<Value> values;
    std::vector<std::string> arguments;
    CLI::App* app = nullptr;
};

void add_flag(CLI::App& app, Given& given, const Flag& flag, const std::string& group) {
    auto& value = given.values.emplace_back(Given::Value{&flag, std::string(flag.fallback)});
    std::string name(flag.name);
    if (!flag.short_name.empty()) name.insert(0, std::string(flag.short_name) + ",");
    const std::string help(flag.help);
    if (flag.kind == Flag::Kind::toggle) {
        value.option = app.add_flag(name, help);
    } else {
        value.option = app.add_option(name, value.text, help)->option_text(std::string(flag.value));
        if (!flag.fallback.empty()) {
            value.option->description(fmt::format("{} (default: {})", help, flag.fallback));
        }
        value.option->check([&flag](const std::string& text) { return value_fault(flag, text); });
        value.option->check(flag.kind == Flag::Kind::choice ? CLI::IsMember(words_of(flag.value))
                                                            : CLI::Validator());
    }
    if (flag.kind == Flag::Kind::list) value.option->join(',');
    value.option->group(group);
}

void add_argument(CLI::App& app, Given& given, const Argument& argument) {
    auto* option =
        app.add_option(std::string(argument.name), given.arguments, std::string(argument.help));
    option->option_text(argument.count == Argument::Count::at_least_one ? "..." : " ");
    if (argument.count == Argument::Count::at_least_one) option->required();
    if (argument.count == Argument::Count::at_most_one) option->expected(0, 1);
}

std::string footer_of(const Command& command) {
    std::string text = "\nExamples:\n";
    for (const auto& [line, meaning] : command.examples) {
        text += fmt::format("  {}\n      {}\n", line, meaning);
    }
    text += "\nExit status:\n  0    done\n";
    for (const auto& [status, meaning] : command.statuses) {
        text += fmt::format("  {:<4} {}\n", status, meaning);
    }
    text += "  2    wrong command line or configuration\n";
    const bool told = std::any_of(command.statuses.begin(), command.statuses.end(),
                                  [](const auto& row) { return row.first == status_interrupted; });
    if (!told) text += fmt::format("  {:<4} ended by Ctrl-C\n", status_interrupted);
    text.pop_back();
    return text;
}

/// The first example of each command, and where the rest is.
std::string footer_of_all() {
    std::string text = "\nExamples:\n";
    for (const auto& command : command_table()) {
        const auto& [line, meaning] = command.examples.front();
        text += fmt::format("  {:<26}  {}\n", line, meaning);
    }
    text +=
        "\nExit status: 0 done, 1 failed, 2 wrong command line or configuration, 27 a wait was "
        "too\n";
    text += fmt::format("long, {} ended by Ctrl-C.\n", status_interrupted);
    return text + "\ncoven COMMAND --help shows a command's options, examples and exit status.";
}

Given& add_command(CLI::App& app, std::deque<Given>& all, const Command& command) {
    auto& given = all.emplace_back();
    given.app = app.add_subcommand(std::string(command.name), std::string(command.summary));
    given.app->footer(footer_of(command));
    for (const auto& argument : command.arguments) add_argument(*given.app, given, argument);
    for (const auto& flag : command.flags) add_flag(*given.app, given, flag, "Options");
    for (const auto& flag : common_flags()) add_flag(*given.app, given, flag, "Common options");
    return given;
}

Invocation invocation_of(const Command& command, const Given& given) {
    std::map<std::string, std::string, std::less<>> values;
    for (const auto& value : given.values) {
        const bool fallback = !value.flag->fallback.empty();
        if (value.option->count() > 0 || fallback)
            values[std::string(value.flag->name)] = value.text;
    }
    return {command, given.arguments, std::move(values)};
}

Answer refusal(const std::string& reason) {
    return {exit_usage, "coven: " + safe_text(reason) +
                            "\n(coven --help and coven COMMAND --help say what there is)\n"};
}

/// CLI11 would only say that a command is missing.
std::optional<Answer> unknown_command(std::string_view first_word) {
    const auto& table = command_table();
    const auto same = [&](const Command& command) { return command.name == first_word; };
    if (first_word.starts_with('-') || std::any_of(table.begin(), table.end(), same)) return {};
    std::string names;
    for (const auto& command : table) names += fmt::format(" {}", command.name);
    return refusal(fmt::format("there is no command '{}', only:{}", first_word, names));
}

Answer answer_of(CLI::App& app, const CLI::Error& outcome) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = app.exit(outcome, out, err);
    if (status == 0) return {exit_ok, out.str()};
    return refusal(outcome.what());
}

}  // namespace

std::string Invocation::text(std::string_view flag) const {
    const auto found = values_.find(flag);
    return found == values_.end() ? std::string() : found->second;
}

std::optional<std::uint64_t> Invocation::number(std::string_view flag) const {
    return parse_number(text(flag));
}

std::optional<std::chrono::milliseconds> Invocation::duration(std::string_view flag) const {
    const auto time = parse_time(text(flag));
    if (time.has_error()) return std::nullopt;
    return time.value();
}

std::variant<Invocation, Answer> parse_command_line(int argc, const char* const* argv) {
    if (argc > 1) {
        if (auto answer = unknown_command(argv[1])) return *std::move(answer);
    }
    CLI::App app("Coven: Twitch on a message bus.", "coven");
    app.set_version_flag("--version", "coven " + version());
    app.require_subcommand(1);
    app.footer(footer_of_all());
    std::deque<Given> given;
    for (const auto& command : command_table()) add_command(app, given, command);
    // CLI11 reports everything, --help included, by throwing; this is where that ends.
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& outcome) {
        return answer_of(app, outcome);
    }
    std::size_t chosen = 0;
    while (!given[chosen].app->parsed()) ++chosen;
    return invocation_of(command_table()[chosen], given[chosen]);
}

Result<std::chrono::milliseconds> parse_time(std::string_view text) {
    if (text == "0") return std::chrono::milliseconds{0};
    return parse_duration(text);
}

}  // namespace coven::cli
