#include "coven/clock.hpp"

#include <string>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;

namespace coven {

Time SystemClock::now() const {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

Instant SystemClock::instant() const { return std::chrono::steady_clock::now(); }

asio::awaitable<void> SystemClock::sleep_until(Instant when) {
    asio::steady_timer timer(co_await asio::this_coro::executor, when);
    co_await timer.async_wait(asio::use_awaitable);
}

namespace detail {

std::string no_such_thing_within(const char* what, Duration limit) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    const auto text = milliseconds % 1000 == 0 ? std::to_string(milliseconds / 1000) + " s"
                                               : std::to_string(milliseconds) + " ms";
    return std::string("no ") + what + " within " + text;
}

}  // namespace detail

}  // namespace coven
