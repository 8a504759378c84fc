#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace coven::cli {

/// Something that happens once. Any number of coroutines of the same loop may wait for it, before
/// and after.
class Happening {
  public:
    explicit Happening(const boost::asio::any_io_executor& executor) : door_(executor) {}

    bool happened() const { return !door_.is_open(); }
    void happen() { door_.close(); }
    boost::asio::awaitable<void> wait() {
        const auto no_throw = boost::asio::as_tuple(boost::asio::use_awaitable);
        co_await door_.async_receive(no_throw);
    }

  private:
    /// Nothing is ever sent; closing it answers everyone who waits.
    boost::asio::experimental::channel<void(boost::system::error_code)> door_;
};

}  // namespace coven::cli
