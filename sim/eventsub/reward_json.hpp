#pragma once

#include <boost/json/object.hpp>

#include "eventsub/reward_book.hpp"
#include "users.hpp"

namespace coven::sim::eventsub {

// The same things have other names in Helix than in events.

boost::json::object helix_json(const Reward& reward, const User& broadcaster);
boost::json::object event_json(const Reward& reward, const User& broadcaster);
boost::json::object helix_json(const Redemption& redemption, const User& broadcaster,
                               const User& user);
boost::json::object event_json(const Redemption& redemption, const User& broadcaster,
                               const User& user);

}  // namespace coven::sim::eventsub
