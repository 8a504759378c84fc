#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coven::broker {

/// How long events are kept. Whole blocks are removed, the oldest first, so a family may hold up to
/// a block (64 KiB) more than its limit, and events up to a block older.
struct Retention {
    struct Limit {
        /// After it was numbered.
        std::optional<std::chrono::seconds> age;
        /// On disk, of one family.
        std::optional<std::uint64_t> bytes;
    };
    /// Of each family that has no limit of its own.
    Limit all;
    std::map<std::string, Limit, std::less<>> families;

    const Limit& of(std::string_view family) const {
        const auto own = families.find(family);
        return own != families.end() ? own->second : all;
    }
};

}  // namespace coven::broker
