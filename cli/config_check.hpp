#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config_sections.hpp"

namespace coven::cli {

/// What a configuration is judged by.
struct Judgement {
    std::vector<Section> sections;
    /// Variables that are no settings. Example: "COVEN_INSTANCE".
    std::vector<std::string> other_variables;
    /// Where a [connectors.NAME] command is looked for, written as $PATH is.
    std::string search;
};

Judgement judgement_of(const std::vector<Neighbour>& programs, const std::string& search);

/// All that is wrong with the file, if there is one, and the environment: wrong values, and what
/// nobody knows. Each names the place.
std::vector<std::string> config_faults(const Judgement& judgement,
                                       const std::optional<std::string>& file,
                                       const std::map<std::string, std::string>& environment);

/// What the programs themselves find wrong, by their --check.
std::vector<std::string> faults_found_by(const std::vector<Neighbour>& programs,
                                         const std::optional<std::string>& file);

}  // namespace coven::cli
