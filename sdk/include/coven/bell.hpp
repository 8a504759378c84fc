#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace coven {

/// Wakes the coroutines that wait for a change; they look for themselves what it was. Its timer
/// measures no time: it never runs out.
class Bell {
  public:
    explicit Bell(const boost::asio::any_io_executor& executor)
        : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

    void ring() { timer_.cancel(); }
    boost::asio::awaitable<void> wait() {
        boost::system::error_code rung;
        auto token = boost::asio::redirect_error(boost::asio::use_awaitable, rung);
        co_await timer_.async_wait(token);
    }

  private:
    boost::asio::steady_timer timer_;
};

}  // namespace coven
