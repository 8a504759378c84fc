#include "config_check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "coven/config_file.hpp"
#include "coven/nearest.hpp"
#include "programs.hpp"

namespace coven::cli {

namespace {

using Texts = std::vector<std::string>;

bool has(const Texts& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

Texts section_names(const Judgement& judgement) {
    Texts names = {foreign_section};
    for (const auto& section : judgement.sections) names.push_back(section.name);
    return names;
}

Texts variable_names(const Judgement& judgement) {
    auto names = judgement.other_variables;
    for (const auto& setting : settings_in(judgement.sections)) {
        names.push_back(setting.variable());
        names.push_back(setting.variable() + "_FILE");
    }
    return names;
}

/// [connectors.NAME]: what is wrong with one value in it.
std::string foreign_value_fault(const ConfigEntry& value, const std::string& search) {
    if (!value.key.ends_with(".command")) {
        return fmt::format("unknown key '{}', only command is known there", value.key);
    }
    if (!value.is_list || value.items.empty()) {
        return fmt::format("'{}' is a list such as [\"python3\", \"mine.py\"]", value.key);
    }
    if (locate(value.items.front(), search)) return "";
    return fmt::format("'{}' names no program: '{}'", value.key, value.items.front());
}

void judge_foreign(const std::string& file, const ConfigEntry& entry, const std::string& search,
                   Texts& faults) {
    const auto at = [&](std::size_t line) { return fmt::format("{}:{}: ", file, line); };
    if (!entry.is_table) {
        faults.push_back(at(entry.line) + "'" + entry.key + "' is a table: write [" + entry.key +
                         "] command = [\"program\", \"argument\"]");
        return;
    }
    for (const auto& value : entry.inner) {
        const auto fault = foreign_value_fault(value, search);
        if (!fault.empty()) faults.push_back(at(value.line) + fault);
    }
    if (entry.inner.empty())
        faults.push_back(at(entry.line) + "'" + entry.key + "' has no command");
}

void judge_all_foreign(const std::string& file, const std::string& search, Texts& faults) {
    const auto sections = read_config_file(file);
    if (sections.has_error()) return;
    for (const auto& section : *sections) {
        if (section.name != foreign_section) continue;
        for (const auto& entry : section.entries) judge_foreign(file, entry, search, faults);
    }
}

/// Those of our tests and checks are nobody's setting.
bool is_for_tests(std::string_view variable) {
    return variable.starts_with("COVEN_TEST_") || variable.starts_with("COVEN_SKIP_");
}

void judge_stranger(const Judgement& judgement, const Stranger& stranger, const Texts& foreign,
                    Texts& faults) {
    const auto& name = stranger.name;
    if (stranger.where.empty()) {
        const auto known = variable_names(judgement);
        if (has(known, name) || is_for_tests(name)) return;
        faults.push_back("unknown variable '" + name + "'" + did_you_mean(name, known));
        return;
    }
    if (name == foreign_section || has(foreign, name)) return;
    const auto known = section_names(judgement);
    faults.push_back(
        fmt::format("{}: unknown section '{}'{}", stranger.where, name, did_you_mean(name, known)));
}

}  // namespace

Judgement judgement_of(const std::vector<Neighbour>& programs, const std::string& search) {
    Judgement judgement{sections_of(programs), {}, search};
    for (const auto& program : programs) {
        for (const auto& flag : program.flags) {
            const bool other = flag.key.empty() && !flag.variable.empty();
            if (other) judgement.other_variables.push_back(flag.variable);
        }
    }
    return judgement;
}

Texts config_faults(const Judgement& judgement, const std::optional<std::string>& file,
                    const std::map<std::string, std::string>& environment) {
    Config::Sources sources{file, environment, {}};
    const auto reading = Config::read(settings_in(judgement.sections), sources);
    Texts faults;
    for (const auto& fault : reading.faults) faults.push_back(fault.message);
    if (file) judge_all_foreign(*file, judgement.search, faults);
    auto names = file ? foreign_names(*file) : Texts();
    // That the file cannot be read is among the faults already.
    const auto foreign = names.has_error() ? Texts() : std::move(*names);
    for (const auto& stranger : reading.strange) {
        judge_stranger(judgement, stranger, foreign, faults);
    }
    return faults;
}

Texts faults_found_by(const std::vector<Neighbour>& programs,
                      const std::optional<std::string>& file) {
    Texts faults;
    for (const auto& program : programs) {
        if (flag_spelled(program.flags, "--check") == nullptr) continue;
        std::vector<std::string> command = {program.path};
        if (file) command.insert(command.end(), {"--config", *file});
        const auto found = faults_of(command);
        if (found.has_error()) {
            faults.push_back(found.error().message);
            continue;
        }
        const auto prefix = program.program() + ": ";
        for (const auto& line : *found) {
            faults.push_back(line.starts_with(prefix) ? line.substr(prefix.size()) : line);
        }
    }
    return faults;
}

}  // namespace coven::cli
