#pragma once

#include <cstddef>
#include <deque>

#include "coven/clock.hpp"

namespace chat {

/// At most so many joins in any stretch of time as long as `window`. Twitch cuts the connection of
/// who joins more than 20 rooms in 10 s (https://dev.twitch.tv/docs/chat/#rate-limits, read
/// 2026-11-22). One limiter serves all connections of an account.
class JoinLimiter {
  public:
    struct Limits {
        /// At least 1.
        std::size_t joins = 18;
        coven::Duration window = std::chrono::seconds(12);
    };

    explicit JoinLimiter(Limits limits) : limits_(limits) {}

    /// How many joins may go out now.
    std::size_t room(coven::Instant now);
    /// Counts one join, for which there was room.
    void take(coven::Instant now);
    /// When the join will go out that `ahead` others go before, if nobody else joins.
    coven::Instant turn(std::size_t ahead, coven::Instant now);

  private:
    void forget(coven::Instant now);

    Limits limits_;
    /// Joins within the window, oldest first; never more than `joins`.
    std::deque<coven::Instant> past_;
};

}  // namespace chat
