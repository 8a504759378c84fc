#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coven/result.hpp"

namespace coven {

/// One value of a TOML file.
struct ConfigEntry {
    /// Section and name, joined by a dot.
    std::string key;
    /// As it would stand on a command line.
    std::string text;
    std::vector<std::string> items = {};
    bool is_list = false;
    bool is_table = false;
    /// What stands in a table, each with its whole key.
    std::vector<ConfigEntry> inner = {};
    std::size_t line = 0;
};

/// A [section], which may be empty.
struct ConfigSection {
    std::string name;
    std::size_t line = 0;
    std::vector<ConfigEntry> entries = {};
};

/// The file as it is, whoever its sections belong to, in the order of the file. Fails with the
/// file, and the line where it is malformed.
Result<std::vector<ConfigSection>> read_config_file(const std::string& path);

}  // namespace coven
