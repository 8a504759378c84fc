#pragma once

#include <boost/asio/awaitable.hpp>

namespace coven::cli {

/// The exit status that `job` gives. Where it throws, as in the broker's words when that keeps no
/// history, says so and gives exit_failure.
boost::asio::awaitable<int> say_why(boost::asio::awaitable<int> job);

}  // namespace coven::cli
