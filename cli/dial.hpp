#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "coven/result.hpp"

namespace coven::cli {

/// A connection to `port` of `host`, which may stand in brackets. Fails with the reason alone. It
/// has no limit of its own.
boost::asio::awaitable<Result<boost::asio::ip::tcp::socket>> dial(std::string host,
                                                                  std::string port);

}  // namespace coven::cli
