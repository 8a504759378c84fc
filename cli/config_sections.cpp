#include "config_sections.hpp"

#include <algorithm>

#include "coven/config_file.hpp"

namespace coven::cli {

namespace {

Section& section_named(std::vector<Section>& sections, const std::string& name,
                       const std::string& title) {
    const auto same = [&](const Section& section) { return section.name == name; };
    const auto found = std::find_if(sections.begin(), sections.end(), same);
    if (found != sections.end()) return *found;
    return sections.emplace_back(Section{name, title, {}});
}

void add(Section& section, const Setting& setting) {
    const auto same = [&](const Setting& other) { return other.key == setting.key; };
    auto& all = section.settings;
    // A program may have made one that all have its own.
    if (std::none_of(all.begin(), all.end(), same)) all.push_back(setting);
}

}  // namespace

std::vector<Section> sections_of(const std::vector<Neighbour>& programs) {
    std::vector<Section> sections;
    for (const auto& setting : common_settings()) {
        add(section_named(sections, setting.section(), "Every program reads this"), setting);
    }
    for (const auto& program : programs) {
        const auto title = program.program() + ": " + program.manifest.summary;
        for (const auto& setting : program.manifest.settings) {
            add(section_named(sections, setting.section(), title), setting);
        }
    }
    return sections;
}

std::vector<Setting> settings_in(const std::vector<Section>& sections) {
    std::vector<Setting> all;
    for (const auto& section : sections) {
        all.insert(all.end(), section.settings.begin(), section.settings.end());
    }
    return all;
}

Result<std::vector<std::string>> foreign_names(const std::string& file) {
    const auto sections = read_config_file(file);
    if (sections.has_error()) return sections.error();
    std::vector<std::string> names;
    for (const auto& section : *sections) {
        if (section.name != foreign_section) continue;
        for (const auto& entry : section.entries) {
            names.push_back(entry.key.substr(entry.key.find('.') + 1));
        }
    }
    return names;
}

}  // namespace coven::cli
