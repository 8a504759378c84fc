#pragma once

#include <chrono>
#include <cstdint>

namespace coven::broker {

using Instant = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

/// Now, by both clocks. The loop reads them and hands them in: nothing else here has a clock.
struct Moment {
    Instant instant;
    /// Microseconds since the Unix epoch.
    std::uint64_t unix_us = 0;
};

}  // namespace coven::broker
