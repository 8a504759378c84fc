#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace coven {

/// What a coroutine waits for when another one of the same loop will have news for it.
class Notice {
  public:
    explicit Notice(boost::asio::io_context& io)
        : timer_(io, boost::asio::steady_timer::time_point::max()) {}

    /// Wakes everyone who waits now.
    void wake() { timer_.cancel(); }
    /// Look again at what you wait for when this returns.
    boost::asio::awaitable<void> wait() {
        boost::system::error_code woken;
        auto token = boost::asio::redirect_error(boost::asio::use_awaitable, woken);
        co_await timer_.async_wait(token);
    }

  private:
    boost::asio::steady_timer timer_;
};

}  // namespace coven
