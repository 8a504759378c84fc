#pragma once

#include "endpoint_call.hpp"

namespace coven::sim {

/// Subscriptions of WebSockets, all three with a user token.
/// https://dev.twitch.tv/docs/api/reference/#create-eventsub-subscription (read 2026-11-22)
WebAnswer create_subscription(const EndpointCall& call);
WebAnswer get_subscriptions(const EndpointCall& call);
WebAnswer delete_subscription(const EndpointCall& call);

}  // namespace coven::sim
