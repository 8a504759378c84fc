#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "journal/block.hpp"

namespace coven::broker {

/// A block some of whose events were replaced by tombstones: topic, numbers and times are left.
struct Burial {
    /// Of what was replaced: how many events, first and last offset. 0 = nothing was.
    std::uint64_t events = 0;
    std::uint64_t first_offset = 0;
    std::uint64_t last_offset = 0;
    /// The block as it is to be stored, when something was replaced.
    std::string block;
};

/// `is_condemned` is asked about each event that is still there.
Burial bury(const Block& block, const std::function<bool(std::string_view frame)>& is_condemned);

}  // namespace coven::broker
