#include "coven/config_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <sstream>

#include <toml++/toml.h>
#include <unistd.h>

#include "log_text.hpp"

namespace coven {

namespace {

std::string text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    // Printed again, 0x10 would stay hexadecimal.
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    std::ostringstream out;
    out << toml::node_view(node);
    return out.str();
}

/// Deeper than any setting of ours; a file that goes on is not followed there.
constexpr std::ptrdiff_t deepest_key = 3;

/// toml++ keeps them by name; here they come as they stand in the file.
template <class Placed>
void sort_by_line(std::vector<Placed>& all) {
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& one, const auto& other) { return one.line < other.line; });
}

ConfigEntry entry_of(std::string key, const toml::node& node);

std::vector<ConfigEntry> entries_of(const std::string& path, const toml::table& table) {
    std::vector<ConfigEntry> entries;
    if (std::count(path.begin(), path.end(), '.') >= deepest_key) return entries;
    for (const auto& [name, node] : table) {
        std::string key = path;
        key.append(".").append(name.str());
        entries.push_back(entry_of(std::move(key), node));
    }
    sort_by_line(entries);
    return entries;
}

ConfigEntry entry_of(std::string key, const toml::node& node) {
    ConfigEntry entry;
    entry.key = std::move(key);
    entry.line = node.source().begin.line;
    entry.is_table = node.is_table();
    if (entry.is_table) {
        entry.inner = entries_of(entry.key, *node.as_table());
        return entry;
    }
    const auto* array = node.as_array();
    entry.is_list = array != nullptr;
    if (array == nullptr) {
        entry.text = text_of(node);
        return entry;
    }
    for (const auto& item : *array) {
        entry.items.push_back(text_of(item));
        entry.text += (entry.text.empty() ? "" : ",") + entry.items.back();
    }
    return entry;
}

/// Why the file cannot be read, if it cannot. A pipe will do: `--config <(…)`.
std::optional<Error> reading_fault(const std::string& path) {
    std::error_code failure;
    const auto kind = std::filesystem::status(path, failure).type();
    if (kind == std::filesystem::file_type::not_found) return Error("no such file: '" + path + "'");
    if (failure) return Error("cannot read '" + path + "': " + failure.message());
    if (kind == std::filesystem::file_type::directory) return Error("is a folder: '" + path + "'");
    if (access(path.c_str(), R_OK) == 0) return std::nullopt;
    return Error("cannot read '" + path + "': " + std::strerror(errno));
}

std::string where(const std::string& path, const toml::source_region& region) {
    return path + ":" + std::to_string(region.begin.line) + ": ";
}

}  // namespace

Result<std::vector<ConfigSection>> read_config_file(const std::string& path) {
    if (const auto fault = reading_fault(path)) return *fault;
    toml::table file;
    try {
        file = toml::parse_file(path);
    } catch (const toml::parse_error& fault) {
        return Error(where(path, fault.source()) + log::escaped(fault.description()));
    }
    std::vector<ConfigSection> sections;
    for (const auto& [name, content] : file) {
        const auto* table = content.as_table();
        if (table == nullptr) {
            return Error(where(path, content.source()) + "'" + std::string(name.str()) +
                         "' stands outside of a [section]");
        }
        const std::string section(name.str());
        sections.push_back({section, content.source().begin.line, entries_of(section, *table)});
    }
    sort_by_line(sections);
    return sections;
}

}  // namespace coven
