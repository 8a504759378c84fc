#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "coven/clock.hpp"

namespace coven::sim {

/// How many calls each application has left: one bucket of points for each application, or for each
/// user of one, that fills itself evenly.
/// https://dev.twitch.tv/docs/api/guide/#twitch-rate-limits (read 2026-11-22)
class HelixBuckets {
  public:
    /// `clock` must outlive it. `points` = what a full bucket has, and what comes in a minute.
    HelixBuckets(std::uint64_t points, Clock& clock) : points_(points), clock_(clock) {}

    struct Level {
        bool was_empty = false;
        std::uint64_t limit = 0;
        std::uint64_t remaining = 0;
        /// When the bucket is full again.
        Time full_at;
    };
    /// Takes a point out of the bucket `whose`, if there is one.
    Level take(const std::string& whose);

  private:
    struct Bucket {
        double points = 0;
        Instant since;
    };

    std::uint64_t points_;
    Clock& clock_;
    std::map<std::string, Bucket> buckets_;
};

}  // namespace coven::sim
