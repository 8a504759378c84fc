#pragma once

#include <string>
#include <vector>

#include "coven/config.hpp"
#include "neighbours.hpp"

namespace coven::cli {

/// A [section] of coven.toml.
struct Section {
    std::string name;
    /// Whose it is, as a sentence without its full stop.
    std::string title;
    std::vector<Setting> settings;
};

/// Those that every program understands, then one for each program that has settings.
std::vector<Section> sections_of(const std::vector<Neighbour>& programs);

/// The settings of all sections.
std::vector<Setting> settings_in(const std::vector<Section>& sections);

/// Where coven.toml names programs of any language: [connectors.NAME] command = […].
inline constexpr const char* foreign_section = "connectors";

/// The NAMEs in `file`: a section [NAME] is for that program, whether it describes it or not. Fails
/// as `read_config_file` does.
Result<std::vector<std::string>> foreign_names(const std::string& file);

/// coven.toml as a JSON Schema (draft 2020-12), with an open section for each of `foreign` that is
/// no other.
std::string config_schema(const std::vector<Section>& sections,
                          const std::vector<std::string>& foreign);
/// A coven.toml with every setting, commented out: "#name = value", unlike "# prose".
std::string config_sample(const std::vector<Section>& sections);

}  // namespace coven::cli
