#include "man_pages.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "coven/nearest.hpp"
#include "print.hpp"
#include "roff.hpp"
#include "setup.hpp"

namespace coven::cli {

namespace {

std::string sentence(std::string_view text) {
    std::string whole(text);
    if (whole.empty()) return whole;
    whole.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(whole.front())));
    return roff_text(whole) + ".";
}

/// A sentence that an example follows.
std::string lead(std::string_view text) {
    auto whole = sentence(text);
    whole.pop_back();
    return whole.ends_with('?') ? whole : whole + ":";
}

/// "config check" → "coven-config-check".
std::string page_name(const Command& command) {
    auto name = "coven-" + std::string(command.name);
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::string reference(std::string_view page) { return roff_bold(page) + "(1)"; }

std::string term_of(const Flag& flag) {
    std::string term;
    if (!flag.short_name.empty()) term = roff_bold(flag.short_name) + ", ";
    term += roff_bold(flag.name);
    return flag.value.empty() ? term : term + " " + roff_italic(flag.value);
}

/// A list as it is given to a flag; lines may break behind its commas.
std::string roff_list(std::string_view list) {
    std::string text;
    for (const char c : roff_text(list)) {
        text += c;
        if (c == ',') text += "\\:";
    }
    return text;
}

void add_flags(Roff& page, const std::vector<Flag>& flags) {
    for (const auto& flag : flags) {
        auto text = sentence(flag.help);
        if (!flag.fallback.empty()) text += " Default: " + roff_list(flag.fallback) + ".";
        page.item(term_of(flag), text);
    }
}

std::string synopsis_of(const Command& command) {
    auto text =
        roff_bold("coven " + std::string(command.name)) + " [" + roff_italic("OPTION") + "]...";
    for (const auto& argument : command.arguments) {
        const auto name = roff_italic(argument.name);
        switch (argument.count) {
            case Argument::Count::at_most_one:
                text += " [" + name + "]";
                break;
            case Argument::Count::exactly_one:
                text += " " + name;
                break;
            case Argument::Count::at_least_one:
                text += " " + name + "...";
                break;
            case Argument::Count::any:
                text += " [" + name + "]...";
                break;
        }
    }
    return text;
}

void add_environment(Roff& page) {
    page.section("ENVIRONMENT");
    page.item(roff_bold("COVEN_CONFIG"), "The coven.toml to read where no flag names one.");
    page.item(roff_bold("COVEN_SECTION_NAME"),
              "The value of a setting, stronger than that in the file. Example: " +
                  roff_bold("COVEN_BUS_REQUEST") + ".");
    page.item(roff_bold("COVEN_SECTION_NAME_FILE"), "A file that holds the value.");
}

void add_colours(Roff& page) {
    page.item(roff_bold("NO_COLOR") + ", " + roff_bold("CLICOLOR_FORCE"),
              "No colours; colours also where no terminal is.");
}

void add_arguments(Roff& page, const Command& command) {
    page.paragraph(sentence(command.summary));
    for (const auto& argument : command.arguments) {
        page.item(roff_italic(argument.name), sentence(argument.help));
    }
}

void add_examples(Roff& page, const Command& command) {
    for (const auto& [line, meaning] : command.examples) {
        page.paragraph(lead(meaning));
        page.example(line);
    }
}

ManPage page_of(const Command& command) {
    Roff page(page_name(command), command.summary);
    page.section("SYNOPSIS");
    page.paragraph(synopsis_of(command));
    page.section("DESCRIPTION");
    add_arguments(page, command);
    page.section("OPTIONS");
    add_flags(page, command.flags);
    page.subsection("Options of every command");
    add_flags(page, common_flags());
    page.section("EXIT STATUS");
    for (const auto& [status, meaning] : statuses_of(command)) {
        page.item(std::to_string(status), sentence(meaning));
    }
    add_environment(page);
    add_colours(page);
    page.section("EXAMPLES");
    add_examples(page, command);
    page.section("SEE ALSO");
    page.paragraph(reference("coven"));
    return {page_name(command), page.text()};
}

/// A command whose page would have the name of a program's, as that of `coven sim`: it goes there.
void add_namesake(Roff& page, const std::string& program) {
    for (const auto& command : command_table()) {
        if (page_name(command) != program) continue;
        page.section("THE COMMAND " + roff_text("coven " + std::string(command.name)));
        page.paragraph(synopsis_of(command));
        add_arguments(page, command);
        add_flags(page, command.flags);
        add_examples(page, command);
    }
}

ManPage page_of_coven(const std::vector<Neighbour>& programs) {
    Roff page("coven", "Twitch on a message bus");
    page.section("SYNOPSIS");
    page.paragraph(roff_bold("coven") + " " + roff_italic("COMMAND") + " [" +
                   roff_italic("OPTION") + "]... [" + roff_italic("ARGUMENT") + "]...");
    page.section("DESCRIPTION");
    page.paragraph(
        "Coven brings Twitch onto a message bus: each connector publishes what it hears to a "
        "broker, and any number of programs in any language listen. " +
        roff_bold("coven") +
        " is the front door: it runs all of it on one machine, shows what "
        "flows, and says how it is.");
    page.section("COMMANDS");
    for (const auto& command : command_table()) {
        if (command.use == Command::Use::internal) continue;
        page.item(reference(page_name(command)), sentence(command.summary));
    }
    page.section("PROGRAMS");
    for (const auto& program : programs) {
        page.item(reference(program.program()), sentence(program.manifest.summary));
    }
    page.section("OPTIONS");
    add_flags(page, common_flags());
    add_environment(page);
    add_colours(page);
    page.section("EXAMPLES");
    for (const auto& command : command_table()) {
        if (command.use == Command::Use::internal) continue;
        page.example(command.examples.front().first);
    }
    return {"coven", page.text()};
}

void add_flag(Roff& page, const DaemonFlag& flag) {
    std::string term;
    for (const auto& other : flag.others) {
        if (other.size() == 2) term = roff_bold(other) + ", ";
    }
    term += roff_bold(flag.name);
    if (!flag.value.empty()) term += " " + roff_italic(flag.value);
    auto text = sentence(flag.help);
    if (!flag.fallback.empty()) text += " Default: " + roff_list(flag.fallback) + ".";
    if (!flag.key.empty()) text += " In coven.toml: " + roff_bold(flag.key) + ".";
    if (!flag.variable.empty()) text += " Variable: " + roff_bold(flag.variable) + ".";
    page.item(term, text);
}

void add_settings(Roff& page, const std::vector<DaemonFlag>& flags) {
    std::string shown;
    for (const auto& flag : flags) {
        const auto section = flag.key.substr(0, flag.key.find('.'));
        if (section.empty()) continue;
        if (section != shown) page.subsection("[" + section + "]");
        shown = section;
        add_flag(page, flag);
    }
}

void add_bus(Roff& page, const Manifest& manifest) {
    if (!manifest.topics.empty()) page.section("TOPICS");
    for (const auto& topic : manifest.topics) {
        auto text = sentence(topic.summary);
        if (!topic.payload.empty()) text += " Payload: " + roff_italic(topic.payload) + ".";
        page.item(roff_bold(topic.topic), text);
    }
    if (!manifest.verbs.empty()) page.section("REQUESTS");
    std::string verbs;
    for (const auto& verb : manifest.verbs) verbs += (verbs.empty() ? "" : ", ") + roff_bold(verb);
    if (!verbs.empty()) page.paragraph(verbs);
}

ManPage page_of(const Neighbour& program) {
    const auto& manifest = program.manifest;
    Roff page(program.program(), manifest.summary);
    page.section("SYNOPSIS");
    page.paragraph(roff_bold(program.program()) + " [" + roff_italic("OPTION") + "]...");
    page.section("DESCRIPTION");
    page.paragraph(sentence(manifest.summary) +
                   " Each setting can stand in coven.toml, in the environment, and on the command "
                   "line; the later is the stronger.");
    if (!program.flags.empty()) page.section("OPTIONS");
    for (const auto& flag : program.flags) {
        if (flag.key.empty()) add_flag(page, flag);
    }
    if (!program.flags.empty()) page.section("SETTINGS");
    add_settings(page, program.flags);
    add_bus(page, manifest);
    page.section("EXIT STATUS");
    for (const auto& [status, meaning] : daemon_statuses()) {
        page.item(std::to_string(status), sentence(meaning));
    }
    add_environment(page);
    if (!manifest.examples.empty()) page.section("EXAMPLES");
    for (const auto& example : manifest.examples) {
        page.paragraph(lead(example.purpose));
        page.example(example.command);
    }
    add_namesake(page, program.program());
    page.section("SEE ALSO");
    page.paragraph(reference("coven") + ", " + reference("coven-config-check"));
    return {program.program(), page.text()};
}

/// Each page into a file, as `man` looks for it.
int write_all(const std::vector<ManPage>& pages, const std::string& folder) {
    int status = exit_ok;
    for (const auto& page : pages) {
        status = std::max(status, write_text(folder + "/" + page.name + ".1", page.roff));
    }
    return status;
}

}  // namespace

std::vector<ManPage> man_pages(const std::vector<Neighbour>& programs) {
    std::vector<ManPage> pages = {page_of_coven(programs)};
    for (const auto& program : programs) pages.push_back(page_of(program));
    for (const auto& command : command_table()) {
        const auto same = [&](const ManPage& page) { return page.name == page_name(command); };
        const bool there = std::any_of(pages.begin(), pages.end(), same);
        if (!there && command.use == Command::Use::people) pages.push_back(page_of(command));
    }
    return pages;
}

int man(const Invocation& invocation) {
    const auto pages = man_pages(our_neighbours().programs);
    if (invocation.has("--to")) return write_all(pages, invocation.text("--to"));
    std::string name = "coven";
    for (const auto& word : invocation.arguments()) name += "-" + word;
    if (name.starts_with("coven-coven")) name.erase(0, std::string_view("coven-").size());
    std::vector<std::string> known;
    for (const auto& page : pages) {
        known.push_back(page.name);
        if (page.name == name) return print_text(page.roff);
    }
    return refuse(Error("there is no page '" + name + "'" + did_you_mean(name, known)));
}

}  // namespace coven::cli
