#pragma once

#include <chrono>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "coven/bus.hpp"
#include "coven/clock.hpp"

namespace coven::cli {

/// What a command runs on.
struct Loop {
    boost::asio::io_context io{1};
    SystemClock clock;
};

/// Who we are on the bus.
Identity identity();

/// Runs `job` to its end. The exit status that it gives.
int run(Loop& loop, boost::asio::awaitable<int> job);
/// The same for a job that uses `bus`, which is closed then.
int run(Loop& loop, Bus& bus, boost::asio::awaitable<int> job);

/// Returns after `limit`, or never without one.
boost::asio::awaitable<void> sleep_for(Clock& clock,
                                       std::optional<std::chrono::milliseconds> limit);

/// Ctrl-C and its likes, from now on; each ends one wait.
class Interruption {
  public:
    explicit Interruption(const boost::asio::any_io_executor& executor);

    boost::asio::awaitable<void> wait();

  private:
    boost::asio::signal_set signals_;
};

}  // namespace coven::cli
