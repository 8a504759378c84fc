#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>

#include <boost/asio/awaitable.hpp>

#include "coven/race.hpp"

namespace coven {

/// Wall-clock time, as events carry it.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
/// A moment for measuring and waiting; never jumps when somebody sets the clock.
using Instant = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

inline std::uint64_t microseconds_since_epoch(Time time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

/// Where all time comes from, so that a test can move it. Not thread-safe.
class Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    virtual Time now() const = 0;
    virtual Instant instant() const = 0;
    /// Throws boost::system::system_error (operation_aborted) when cancelled.
    virtual boost::asio::awaitable<void> sleep_until(Instant when) = 0;

    boost::asio::awaitable<void> sleep(Duration pause) { return sleep_until(instant() + pause); }
};

/// The machine's clocks.
class SystemClock final : public Clock {
  public:
    Time now() const override;
    Instant instant() const override;
    boost::asio::awaitable<void> sleep_until(Instant when) override;
};

/// A wait was longer than its limit.
class TimedOut : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// What `work` gives or throws, if it ends within `limit`; else cancels it and throws TimedOut,
/// saying that there was no `what` in that time. `work` must end soon after it is cancelled.
template <class T>
boost::asio::awaitable<T> within(Clock& clock, Duration limit, const char* what,
                                 boost::asio::awaitable<T> work);

namespace detail {
std::string no_such_thing_within(const char* what, Duration limit);
}

template <class T>
boost::asio::awaitable<T> within(Clock& clock, Duration limit, const char* what,
                                 boost::asio::awaitable<T> work) {
    auto first = co_await race(std::move(work), clock.sleep(limit));
    if (first.index() == 1) throw TimedOut(detail::no_such_thing_within(what, limit));
    if constexpr (!std::is_void_v<T>) co_return std::get<0>(std::move(first));
}

}  // namespace coven
