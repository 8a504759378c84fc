#include "config_command.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "config_check.hpp"
#include "config_sections.hpp"
#include "coven/nearest.hpp"
#include "neighbours.hpp"
#include "output.hpp"
#include "print.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "table.hpp"

namespace json = boost::json;

namespace coven::cli {

namespace {

using Texts = std::vector<std::string>;

/// Beginning with the place, as editors and people look for it.
void complain(const Texts& faults) {
    Output output(STDERR_FILENO);
    for (const auto& fault : faults) static_cast<void>(output.line(safe_text(fault)));
}

std::optional<std::string> file_of(const Invocation& invocation) {
    const auto file = config_file_of(invocation);
    if (file.empty()) return std::nullopt;
    return file;
}

Texts without_repeats(Texts texts) {
    Texts once;
    for (auto& text : texts) {
        const bool known = std::find(once.begin(), once.end(), text) != once.end();
        if (!known) once.push_back(std::move(text));
    }
    return once;
}

/// The line of "FILE:LINE: …"; 0 where there is none.
std::size_t line_in(const std::string& fault, const std::string& file) {
    std::size_t line = 0;
    if (!fault.starts_with(file + ":")) return line;
    const auto* begin = fault.data() + file.size() + 1;
    std::from_chars(begin, fault.data() + fault.size(), line);
    return line;
}

/// In the order of the file; what does not stand there comes last.
void sort_by_line(Texts& faults, const std::string& file) {
    const auto place = [&](const std::string& fault) { return line_in(fault, file) - 1; };
    std::stable_sort(faults.begin(), faults.end(),
                     [&](const auto& one, const auto& other) { return place(one) < place(other); });
}

std::string names_of(const std::vector<Neighbour>& programs) {
    std::string names;
    for (const auto& program : programs) names += (names.empty() ? "" : ", ") + program.program();
    return names;
}

void warn_about(const Neighbours& neighbours) {
    for (const auto& fault : neighbours.faults) say(safe_text(fault));
}

json::value value_of(const Config& config, const Setting& setting) {
    using Kind = Setting::Kind;
    if (setting.kind == Kind::number) return config.number(setting.key);
    if (setting.kind == Kind::flag) return config.flag(setting.key);
    if (setting.kind != Kind::list) return json::value(config.shown(setting.key));
    json::array items;
    for (const auto& item : config.list(setting.key)) items.emplace_back(item);
    return items;
}

Texts json_lines(const Config& config, const std::vector<Setting>& settings) {
    Texts lines;
    for (const auto& setting : settings) {
        const json::object line = {{"key", setting.key},
                                   {"value", value_of(config, setting)},
                                   {"from", config.origin(setting.key)}};
        lines.push_back(safe_json(json::serialize(line)));
    }
    return lines;
}

Texts table_lines(const Config& config, const std::vector<Setting>& settings) {
    Table table({"SETTING", "VALUE", "FROM"});
    for (const auto& setting : settings) {
        table.add({setting.key, config.shown(setting.key), config.origin(setting.key)});
    }
    return table.lines();
}

/// Those of one program if one is named, else of all.
Result<std::vector<Setting>> wanted_settings(const Invocation& invocation,
                                             const Neighbours& neighbours) {
    auto kind = invocation.text("--program");
    if (kind.empty()) return settings_in(sections_of(neighbours.programs));
    if (kind.starts_with("coven-")) kind.erase(0, std::string_view("coven-").size());
    const auto* program = neighbours.find(kind);
    if (program != nullptr) return settings_of(program->manifest);
    Texts kinds;
    for (const auto& known : neighbours.programs) kinds.push_back(known.manifest.kind);
    return Error("--program: there is no coven-" + kind + did_you_mean(kind, kinds));
}

}  // namespace

int config_check(const Invocation& invocation) {
    const auto neighbours = our_neighbours();
    warn_about(neighbours);
    const auto file = file_of(invocation);
    const auto judgement = judgement_of(neighbours.programs, process_environment("PATH"));
    auto faults = config_faults(judgement, file, coven_environment());
    for (auto& fault : faults_found_by(neighbours.programs, file)) {
        faults.push_back(std::move(fault));
    }
    faults = without_repeats(std::move(faults));
    if (file) sort_by_line(faults, *file);
    const auto subject = file.value_or("the environment (no file was named)");
    if (!faults.empty()) {
        complain(faults);
        say(fmt::format("{} {} with {}", faults.size(),
                        faults.size() == 1 ? "thing is wrong" : "things are wrong", subject));
        return exit_usage;
    }
    return print_lines(
        {fmt::format("nothing is wrong with {}, say {}", subject, names_of(neighbours.programs))});
}

int config_print(const Invocation& invocation) {
    const auto neighbours = our_neighbours();
    const auto settings = wanted_settings(invocation, neighbours);
    if (settings.has_error()) return refuse(settings.error());
    const auto reading = Config::read(*settings, config_sources(invocation));
    const auto lines = invocation.has("--json") ? json_lines(reading.config, *settings)
                                                : table_lines(reading.config, *settings);
    const int status = print_lines(lines);
    Texts faults;
    for (const auto& fault : reading.faults) faults.push_back(fault.message);
    complain(faults);
    return faults.empty() ? status : exit_usage;
}

int config_schema(const Invocation& invocation) {
    const auto file = file_of(invocation);
    const auto foreign = file ? foreign_names(*file) : Texts();
    if (foreign.has_error()) return refuse(foreign.error());
    return print_text(config_schema(sections_of(our_neighbours().programs), *foreign));
}

int config_sample(const Invocation&) {
    return print_text(config_sample(sections_of(our_neighbours().programs)));
}

}  // namespace coven::cli
