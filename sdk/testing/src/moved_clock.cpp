#include "coven_testing/moved_clock.hpp"

#include <algorithm>
#include <vector>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;

namespace coven::testing {

namespace {

constexpr std::chrono::sys_days start_day{std::chrono::year(2026) / 1 / 1};
/// Far from zero, where "never" and "long ago" are often found.
constexpr Instant start_instant{std::chrono::hours(1000)};

struct Waiter {
    Instant when;
    asio::steady_timer* timer;
};

}  // namespace

/// Frames that still wait when the clock dies refer to it, so it is shared with them.
struct MovedClock::State {
    Duration passed{0};
    std::vector<Waiter> waiters;

    void wake() const {
        for (const auto& waiter : waiters) {
            if (waiter.when <= start_instant + passed) waiter.timer->cancel();
        }
    }
};

namespace {

class Enlisted {
  public:
    Enlisted(std::vector<Waiter>& all, Waiter waiter) : all_(all), timer_(waiter.timer) {
        all_.push_back(waiter);
    }
    Enlisted(const Enlisted&) = delete;
    Enlisted& operator=(const Enlisted&) = delete;
    ~Enlisted() {
        std::erase_if(all_, [&](const Waiter& waiter) { return waiter.timer == timer_; });
    }

  private:
    std::vector<Waiter>& all_;
    asio::steady_timer* timer_;
};

}  // namespace

MovedClock::MovedClock() : state_(std::make_shared<State>()) {}

Time MovedClock::now() const {
    return std::chrono::time_point_cast<std::chrono::microseconds>(start_day + state_->passed);
}

Instant MovedClock::instant() const { return start_instant + state_->passed; }

asio::awaitable<void> MovedClock::sleep_until(Instant when) {
    const auto state = state_;
    asio::steady_timer timer(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    const Waiter waiter{when, &timer};
    const Enlisted enlisted(state->waiters, waiter);
    while (start_instant + state->passed < when) {
        boost::system::error_code woken;
        auto token = asio::redirect_error(asio::use_awaitable, woken);
        co_await timer.async_wait(token);
    }
}

void MovedClock::advance(asio::io_context& io, Duration step) {
    const auto end = state_->passed + step;
    while (state_->passed < end) {
        auto next = end;
        for (const auto& waiter : state_->waiters) {
            const auto due = waiter.when - start_instant;
            if (due > state_->passed) next = std::min(next, due);
        }
        jump(next - state_->passed);
        io.restart();
        io.poll();
    }
}

void MovedClock::jump(Duration step) {
    state_->passed += step;
    state_->wake();
}

}  // namespace coven::testing
