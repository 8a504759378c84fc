#pragma once

#include <string_view>

#include "coven/result.hpp"
#include "eventsub/server.hpp"

namespace coven::sim::eventsub {

/// What happens to a reward.
enum class RewardChange { add, update, remove };

/// Tells those who have subscribed to it.
void tell(Server& server, const Reward& reward, RewardChange change);

/// Somebody redeems the reward with this id or title, and subscribers are told. Fails when there is
/// none, or when nobody can now.
Result<const Redemption*> redeem(Server& server, std::string_view channel, std::string_view login,
                                 std::string_view reward, std::string_view input);

/// A redemption gets its end, and subscribers are told.
void settle(Server& server, Redemption& redemption, Redemption::Status status);

/// A reward goes; what waits for it is fulfilled first.
void remove(Server& server, const Reward& reward);

}  // namespace coven::sim::eventsub
