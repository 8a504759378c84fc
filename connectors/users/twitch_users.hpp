#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/helix.hpp"
#include "coven/result.hpp"
#include "name.hpp"
#include "twitch/v1/user.pb.h"

namespace users {

/// Those of at most 100 `names` that Twitch has, in its order, without the time they were seen.
/// `helix` must outlive it.
boost::asio::awaitable<coven::Result<std::vector<twitch::v1::User>>> ask_twitch(
    coven::Helix& helix, std::vector<Name> names);

}  // namespace users
