#pragma once

#include <algorithm>

#include "coven/clock.hpp"

namespace chat {

/// Spreads the beginnings of connections: one each `every`, whichever feed they are for. Twitch
/// allows 20 logins in 10 s for an account (https://dev.twitch.tv/docs/chat/#rate-limits, read
/// 2026-11-22).
class DialPace {
  public:
    explicit DialPace(coven::Duration every) : every_(every) {}

    /// Takes the next free moment, `earliest` at the soonest.
    coven::Instant take(coven::Instant earliest) {
        const auto moment = std::max(next_, earliest);
        next_ = moment + every_;
        return moment;
    }

  private:
    coven::Duration every_;
    coven::Instant next_{};
};

}  // namespace chat
