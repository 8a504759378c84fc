#pragma once

#include "endpoint_call.hpp"

namespace coven::sim {

/// GET /helix/users, https://dev.twitch.tv/docs/api/reference/#get-users (read 2026-11-22): those
/// of the given ids and logins, or whose token it is. Whom nobody knows is left out in silence, and
/// the order is not that of the request.
WebAnswer get_users(const EndpointCall& call);

}  // namespace coven::sim
