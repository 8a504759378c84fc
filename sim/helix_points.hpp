#pragma once

#include "endpoint_call.hpp"

namespace coven::sim {

/// Rewards of the caller's own channel, and what was redeemed. Only who made a reward may change it
/// and see its redemptions.
/// https://dev.twitch.tv/docs/api/reference/#create-custom-rewards (read 2026-11-22)
WebAnswer create_reward(const EndpointCall& call);
WebAnswer update_reward(const EndpointCall& call);
WebAnswer delete_reward(const EndpointCall& call);
WebAnswer get_rewards(const EndpointCall& call);
WebAnswer get_redemptions(const EndpointCall& call);
WebAnswer update_redemptions(const EndpointCall& call);

}  // namespace coven::sim
