#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>

#include "coven/backoff.hpp"
#include "coven/clock.hpp"

namespace coven::cli {

/// Decides what follows when a program that should run has ended: another start after a pause, or
/// the end because it would only end again.
class RestartPolicy {
  public:
    struct Limits {
        Backoff::Limits pause{std::chrono::milliseconds{250}, std::chrono::seconds{10}};
        /// So many ends within `window` are a crash loop.
        std::size_t crash_loop = 5;
        std::chrono::seconds window{30};
    };
    struct Decision {
        /// Until the next start; nothing = not any more.
        std::optional<std::chrono::milliseconds> pause;
        /// Why not any more. Example: "ended 5 times within 30 s".
        std::string reason;
    };

    explicit RestartPolicy(Limits limits, std::uint64_t seed = std::random_device{}());

    /// To be called with each end.
    Decision ended(int status, Instant now);

  private:
    Limits limits_;
    Backoff backoff_;
    std::deque<Instant> ends_;
};

/// Example: "was killed by signal 9 (Killed)", "ended with status 1".
std::string describe_status(int status);

}  // namespace coven::cli
