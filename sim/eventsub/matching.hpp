#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "eventsub/subscription.hpp"

namespace coven::sim::eventsub {

/// The text at "reward.id" in `event`; empty when there is none.
std::string_view text_at(const boost::json::object& event, std::string_view path);

/// Whether an event of its type is one that `subscription` is for.
bool matches(const Subscription& subscription, const boost::json::object& event);

}  // namespace coven::sim::eventsub
