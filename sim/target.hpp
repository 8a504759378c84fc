#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coven::sim {

/// Whom something is done to: all connections, those that sit in one channel, or one of them.
struct Target {
    /// Without '#'; empty = not one channel's.
    std::string channel = {};
    /// 0 = not one alone.
    std::uint64_t connection = 0;

    bool is_all() const { return channel.empty() && connection == 0; }
    /// As it is written: "all", "#xqc", "3".
    std::string text() const;
};

/// "all", "#channel" or the number of a connection.
std::optional<Target> parse_target(std::string_view word);

}  // namespace coven::sim
