#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "coven/clock.hpp"

namespace coven::testing {

/// A clock that stands still until the test moves it. Starts at 2026-01-01T00:00:00Z.
class MovedClock final : public Clock {
  public:
    MovedClock();

    Time now() const override;
    Instant instant() const override;
    boost::asio::awaitable<void> sleep_until(Instant when) override;

    /// Moves to the next moment somebody waits for, wakes them, lets `io` run until it has nothing
    /// to do, and so on until `step` has passed. What is on its way through a real socket may need
    /// a real moment longer: wait for its effect, not for the clock.
    void advance(boost::asio::io_context& io, Duration step);
    /// Jumps without stopping in between; waiters whose time has come wake when `io` runs.
    void jump(Duration step);

    struct State;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace coven::testing
