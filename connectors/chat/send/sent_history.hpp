#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/bus.hpp"
#include "coven/result.hpp"
#include "send/past.hpp"

namespace chat {

/// What the broker keeps of the lines that were sent for `account` and settled since `since`. Fails
/// when it keeps no history, or not all of that time.
boost::asio::awaitable<coven::Result<std::vector<SendPast::Line>>> sent_history(coven::Bus& bus,
                                                                                std::string account,
                                                                                coven::Time since);

}  // namespace chat
