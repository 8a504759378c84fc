#pragma once

#include <list>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "coven/bell.hpp"

namespace coven {

/// Coroutines that come and go while their owner lives, such as one for each connection. The owner
/// ends with `co_await finish()`, so that none outlives it.
class Jobs {
  public:
    explicit Jobs(const boost::asio::any_io_executor& executor)
        : executor_(executor), bell_(executor) {}

    /// A job that throws while it is not being cancelled ends the program: it had no reason to.
    void start(boost::asio::awaitable<void> job);
    /// Cancels all jobs and returns when they have ended. May be awaited by a coroutine that is
    /// itself being cancelled, if it has said `throw_if_cancelled(false)` before.
    boost::asio::awaitable<void> finish();

  private:
    boost::asio::any_io_executor executor_;
    std::list<boost::asio::cancellation_signal> running_;
    Bell bell_;
    bool is_finishing_ = false;
};

}  // namespace coven
