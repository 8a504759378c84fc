#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "coven/clock.hpp"

namespace coven {

/// Remembers what was seen lately, to drop repeats: for 60 s at least, unless more than 100 000
/// others came meanwhile, and for twice that at most.
class RecentIds {
  public:
    /// False when (topic, id) was seen lately. An event without an id is always new.
    bool is_new(std::string_view topic, std::string_view id, Instant now);

  private:
    std::unordered_set<std::uint64_t> current_;
    std::unordered_set<std::uint64_t> previous_;
    Instant began_{};
};

}  // namespace coven
