#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "core.hpp"

namespace coven {

/// The heads of all topics that begin with one of `prefixes`. Refers to nothing but its arguments:
/// the subscription that asks may be gone before this ends. Throws when the broker does not answer.
boost::asio::awaitable<void> fetch_heads(std::shared_ptr<Bus::Core> core,
                                         std::vector<std::string> prefixes,
                                         std::shared_ptr<std::vector<v1::HeadBeacon>> heads);

}  // namespace coven
