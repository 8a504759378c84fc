#include "command_line.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "coven/config.hpp"
#include "coven/daemon.hpp"
#include "coven/nearest.hpp"
#include "refusals.hpp"
#include "safe_text.hpp"

namespace coven::cli {

namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::vector<std::string> words_of(std::string_view choices) {
    std::vector<std::string> words;
    std::istringstream parts{std::string(choices)};
    for (std::string word; std::getline(parts, word, '|');) words.push_back(word);
    return words;
}

std::string choice_fault(std::string_view choices, const std::string& value) {
    const auto words = words_of(choices);
    if (std::find(words.begin(), words.end(), value) != words.end()) return {};
    return fmt::format("is none of {}: '{}'{}", fmt::join(words, ", "), value,
                       did_you_mean(value, words));
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
    if (flag.kind == Flag::Kind::choice) return choice_fault(flag.value, value);
    return {};
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
        value.option = app.add_flag(name, help)->disable_flag_override();
    } else {
        value.option = app.add_option(name, value.text, help)->option_text(std::string(flag.value));
        if (!flag.fallback.empty()) {
            value.option->description(fmt::format("{} (default: {})", help, flag.fallback));
        }
        value.option->check([&flag](const std::string& text) { return value_fault(flag, text); });
        value.option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
    if (flag.kind == Flag::Kind::list) value.option->join(',');
    value.option->group(group);
}

const char* count_text(Argument::Count count) {
    const bool several = count == Argument::Count::at_least_one || count == Argument::Count::any;
    return several ? "..." : " ";
}

void add_argument(CLI::App& app, Given& given, const Argument& argument) {
    using Count = Argument::Count;
    auto* option =
        app.add_option(std::string(argument.name), given.arguments, std::string(argument.help));
    option->option_text(count_text(argument.count));
    const bool needed =
        argument.count == Count::at_least_one || argument.count == Count::exactly_one;
    if (needed) option->required();
    if (argument.count == Count::at_most_one) option->expected(0, 1);
    if (argument.count == Count::exactly_one) option->expected(1);
    if (argument.count == Count::any) option->expected(0, CLI::detail::expected_max_vector_size);
    if (argument.choices.empty()) return;
    option->check(
        [&argument](const std::string& text) { return choice_fault(argument.choices, text); });
}

std::string footer_of(const Command& command) {
    std::string text = "\nExamples:\n";
    for (const auto& [line, meaning] : command.examples) {
        text += fmt::format("  {}\n      {}\n", line, meaning);
    }
    text += "\nExit status:";
    for (const auto& [status, meaning] : statuses_of(command)) {
        text += fmt::format("\n  {:<4} {}", status, meaning);
    }
    return text;
}

/// The first example of each command whose name begins with `group`.
std::string examples_of(std::string_view group) {
    std::string text = "\nExamples:\n";
    for (const auto& command : command_table()) {
        const auto& [line, meaning] = command.examples.front();
        const bool shown = command.use == Command::Use::people && command.name.starts_with(group);
        if (shown) text += fmt::format("  {:<34}  {}\n", line, meaning);
    }
    return text;
}

/// And where the rest is.
std::string footer_of_all() {
    auto text = examples_of("");
    text +=
        "\nExit status: 0 done, 1 failed, 2 wrong command line or configuration, 27 a wait was "
        "too\n";
    text += fmt::format("long, {} ended by Ctrl-C.\n", status_interrupted);
    return text + "\ncoven COMMAND --help shows a command's options, examples and exit status.";
}

/// Where a command belongs: "config check" below "config", which is made if it is not there, and
/// "channels add" below "channels".
CLI::App& parent_of(CLI::App& app, const Command& command) {
    const auto space = command.name.find(' ');
    if (space == std::string_view::npos) return app;
    const std::string group(command.name.substr(0, space));
    for (auto* known : app.get_subcommands({})) {
        if (known->get_name() != group) continue;
        // A group that is a command itself. Behind one of those below it, the names of the others
        // are words like any: `coven channels list add`.
        if (known->get_require_subcommand_min() == 0) known->require_subcommand(0, 1);
        return *known;
    }
    auto* made = app.add_subcommand(group, std::string(group_summary(group)));
    made->require_subcommand(1);
    made->footer(examples_of(group + " "));
    return *made;
}

void add_command(CLI::App& app, std::deque<Given>& all, const Command& command) {
    auto& given = all.emplace_back();
    const std::string name(command.name.substr(command.name.find(' ') + 1));
    given.app = parent_of(app, command).add_subcommand(name, std::string(command.summary));
    given.app->footer(footer_of(command));
    given.app->allow_extras();
    if (command.use == Command::Use::internal) given.app->group("");
    for (const auto& argument : command.arguments) add_argument(*given.app, given, argument);
    for (const auto& flag : command.flags) add_flag(*given.app, given, flag, "Options");
    for (const auto& flag : common_flags()) add_flag(*given.app, given, flag, "Common options");
}

/// Something was said to it: not only to a command below it.
bool is_used(const Given& given) {
    const auto& values = given.values;
    return !given.arguments.empty() || std::any_of(values.begin(), values.end(), [](auto& value) {
        return value.option->count() > 0;
    });
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

/// The words of a shell may look like flags.
Invocation taken_as_it_stands(const Command& command, const std::vector<std::string>& words) {
    const auto first = words.begin() + (words.size() > 1 && words[1] == "--" ? 2 : 1);
    return {command, {first, words.end()}, {}};
}

/// CLI11's sentences about what is missing, in ours; those about a value are ours already.
std::string reason_of(const Command& command, const CLI::ParseError& fault) {
    std::string said = fault.what();
    const auto name = said.substr(0, said.find_first_of(": "));
    // What is wrong with a value goes on after the name: "--count is no number".
    if (said.starts_with(name + ": is ")) said.erase(name.size(), 1);
    if (dynamic_cast<const CLI::RequiredError*>(&fault) != nullptr) return name + " is missing";
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&fault) == nullptr) return said;
    for (const auto& argument : command.arguments) {
        if (argument.name == name) return "takes one " + name + ", not several";
    }
    for (const auto* flag : flags_of(command)) {
        // Of a flag with a value too many CLI11 says the name without its dashes.
        if (flag->name != name && flag->name != "--" + name) continue;
        if (flag->kind == Flag::Kind::toggle) return fmt::format("{} takes no value", flag->name);
        return fmt::format("{} wants a value: {} {}", name, name, flag->value);
    }
    return said;
}

Answer answer_of(CLI::App& app, const CLI::ParseError& outcome, const Command* command) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = app.exit(outcome, out, err);
    if (status == 0) return {exit_ok, out.str()};
    if (command == nullptr) return refusal("coven", outcome.what());
    return refusal(full_name(*command), reason_of(*command, outcome));
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
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (auto answer = unknown_command(words)) return *std::move(answer);
    const auto* named = command_named(words);
    if (named != nullptr && named->use == Command::Use::internal)
        return taken_as_it_stands(*named, words);
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
        return answer_of(app, outcome, named);
    }
    // A command may have others below it: they come after it in the table.
    std::size_t chosen = given.size() - 1;
    while (!given[chosen].app->parsed()) --chosen;
    const auto& command = command_table()[chosen];
    for (std::size_t above = 0; above < chosen; ++above) {
        if (is_used(given[above])) return misplaced(command_table()[above], command);
    }
    const auto further = given[chosen].app->remaining();
    if (!further.empty()) return left_over(command, further.front());
    return invocation_of(command, given[chosen]);
}

Result<std::chrono::milliseconds> parse_time(std::string_view text) {
    if (text == "0") return std::chrono::milliseconds{0};
    return parse_duration(text);
}

}  // namespace coven::cli
