#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/helix.hpp"
#include "send/roles.hpp"

namespace chat {

/// Over Helix Twitch does not say what the sender of a line is in its channel. So this asks for all
/// channels that the account of `token` moderates, if it has granted that and `roles` wants to know
/// because of `channel`. Takes some seconds at most; without an answer nothing is learned. `helix`,
/// `clock` and `roles` must outlive it.
boost::asio::awaitable<void> ask_for_roles(coven::Helix& helix, coven::Clock& clock, Roles& roles,
                                           std::string channel, coven::AccessToken token);

}  // namespace chat
