#include "target.hpp"

#include <charconv>

namespace coven::sim {

std::string Target::text() const {
    if (is_all()) return "all";
    return connection == 0 ? "#" + channel : std::to_string(connection);
}

std::optional<Target> parse_target(std::string_view word) {
    if (word == "all") return Target();
    if (word.starts_with('#') && word.size() > 1) {
        return Target{.channel = std::string(word.substr(1)), .connection = 0};
    }
    Target target;
    const auto* const end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, target.connection);
    if (read.ec != std::errc() || read.ptr != end || target.connection == 0) return std::nullopt;
    return target;
}

}  // namespace coven::sim
