#include "daemon_line.hpp"

#include <algorithm>
#include <deque>

#include <CLI/CLI.hpp>

#include "coven/daemon.hpp"
#include "coven/nearest.hpp"

namespace coven {

namespace {

/// CLI11 writes into `value` while it reads.
struct Given {
    const DaemonFlag* flag;
    std::string value;
    CLI::Option* option = nullptr;
};

std::string help_of(const DaemonFlag& flag) {
    auto text = flag.help;
    if (!flag.fallback.empty()) text += " [" + flag.fallback + "]";
    if (flag.key.empty() && !flag.variable.empty()) text += " [" + flag.variable + "]";
    return text;
}

std::string group_of(const DaemonFlag& flag) {
    if (flag.key.empty()) return "Options";
    return "[" + flag.key.substr(0, flag.key.find('.')) + "] in coven.toml";
}

/// A name of one letter, if it has one, and the one that is shown.
std::string shown_names(const DaemonFlag& flag) {
    for (const auto& other : flag.others) {
        if (other.size() == 2) return other + "," + flag.name;
    }
    return flag.name;
}

void declare(CLI::App& app, std::deque<Given>& given, const std::vector<DaemonFlag>& flags) {
    const auto version_text = app.get_name() + " " + version();
    for (const auto& flag : flags) {
        if (flag.name == "--help") app.set_help_flag("-h,--help", flag.help);
        if (flag.name == "--version") app.set_version_flag(flag.name, version_text, flag.help);
        if (flag.name == "--help" || flag.name == "--version") continue;
        auto& place = given.emplace_back(Given{&flag, {}});
        if (flag.value.empty()) {
            place.option = app.add_flag(flag.name, flag.help);
            continue;
        }
        place.option = app.add_option(shown_names(flag), place.value, help_of(flag));
        place.option->option_text(flag.value)->group(group_of(flag));
        place.option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
}

std::string footer_of(const Manifest& manifest) {
    std::string text;
    if (!manifest.examples.empty()) text += "Examples:\n";
    for (const auto& example : manifest.examples) {
        text += "  " + example.command + "\n      " + example.purpose + "\n";
    }
    text +=
        "\nEvery setting can also stand in coven.toml ([section] name = value) or in the\n"
        "environment (COVEN_SECTION_NAME, or COVEN_SECTION_NAME_FILE for a file with the "
        "value).\n"
        "\nExit status:";
    for (const auto& [status, meaning] : daemon_statuses()) {
        text += "\n  " + std::to_string(status) + "    " + std::string(meaning);
    }
    return text;
}

/// Each flag under the one name that is declared: --chat.join_limit=5 → --join-limit=5.
std::vector<std::string> spelled_as_declared(const std::vector<DaemonFlag>& flags,
                                             const std::vector<std::string>& words) {
    std::vector<std::string> declared;
    declared.reserve(words.size() + 1);
    for (auto word : words) {
        const auto name = word.substr(0, word.find('='));
        const auto* flag = word.starts_with("--") ? flag_spelled(flags, name) : nullptr;
        if (flag != nullptr) word.replace(0, name.size(), flag->name);
        // CLI11 takes `--name=` for a flag without its value.
        const bool empty_value = flag != nullptr && word == flag->name + "=";
        if (empty_value) word.pop_back();
        declared.push_back(std::move(word));
        if (empty_value) declared.emplace_back();
    }
    return declared;
}

Error unknown(const std::vector<DaemonFlag>& flags, const std::string& word) {
    if (!word.starts_with('-')) return Error("takes nothing but flags: '" + word + "'");
    if (!word.starts_with("--")) return Error("there is no flag '" + word + "'");
    const auto name = word.substr(0, word.find('='));
    std::vector<std::string> known;
    for (const auto& flag : flags) {
        known.push_back(flag.name);
        known.insert(known.end(), flag.others.begin(), flag.others.end());
    }
    return Error("there is no flag '" + name + "'" + did_you_mean(name, known));
}

/// CLI11's sentence for a flag without its value, or a value too many, in ours.
Error mismatch(const std::vector<DaemonFlag>& flags, const std::string& said) {
    const auto name = said.substr(0, said.find_first_of(": "));
    const auto* flag = flag_spelled(flags, name);
    if (flag == nullptr) return Error(said);
    if (flag->value.empty()) return Error(name + " takes no value");
    return Error(name + " wants a value: " + name + " " + flag->value);
}

}  // namespace

std::variant<DaemonLine, std::string, Error> read_daemon_line(
    const Manifest& manifest, const std::vector<std::string>& words) {
    const auto flags = flags_of(manifest);
    const auto program = "coven-" + manifest.kind;
    CLI::App app(program + ": " + manifest.summary, program);
    std::deque<Given> given;
    declare(app, given, flags);
    app.footer(footer_of(manifest));
    app.allow_extras();
    auto declared = spelled_as_declared(flags, words);
    std::reverse(declared.begin(), declared.end());
    // CLI11 reports everything, --help included, by throwing; this is where that ends.
    try {
        app.parse(std::move(declared));
    } catch (const CLI::CallForHelp&) {
        return app.help();
    } catch (const CLI::CallForVersion& told) {
        return std::string(told.what()) + "\n";
    } catch (const CLI::ParseError& fault) {
        return mismatch(flags, fault.what());
    }
    const auto left_over = app.remaining();
    if (!left_over.empty()) return unknown(flags, left_over.front());
    DaemonLine line;
    for (const auto& place : given) {
        if (place.option->count() > 0) line.emplace(place.flag->name, place.value);
    }
    return line;
}

}  // namespace coven
