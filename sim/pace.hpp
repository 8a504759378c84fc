#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "coven/clock.hpp"

namespace coven::sim {

/// When the next of many equal things is due, exact over any length of time: everything is counted
/// from the start, so that late timers do not add up.
class Pace {
  public:
    Pace(double per_second, Instant start) : per_second_(per_second), start_(start) {}

    /// How many are due at `now` and not yet taken. After a long pause at most `longest_burst`'s
    /// worth; the rest is forgiven.
    std::uint64_t due(Instant now) {
        const auto all = static_cast<std::uint64_t>(std::max(0.0, seconds(now) * per_second_));
        const auto most = static_cast<std::uint64_t>(per_second_ * longest_burst_s) + 1;
        if (all > taken_ + most) taken_ = all - most;
        return all - std::min(all, taken_);
    }
    void take(std::uint64_t count) { taken_ += count; }
    /// When the next one is due.
    Instant next() const {
        const std::chrono::duration<double> passed(static_cast<double>(taken_ + 1) / per_second_);
        return start_ + std::chrono::ceil<Duration>(passed);
    }
    /// Begins anew, with nothing due.
    void restart(Instant now) {
        start_ = now;
        taken_ = 0;
    }

  private:
    static constexpr double longest_burst_s = 1.0;

    double seconds(Instant now) const {
        return std::chrono::duration<double>(now - start_).count();
    }

    double per_second_;
    Instant start_;
    std::uint64_t taken_ = 0;
};

}  // namespace coven::sim
