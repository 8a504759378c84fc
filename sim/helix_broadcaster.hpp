#pragma once

#include <optional>
#include <string_view>

#include "endpoint_call.hpp"
#include "eventsub/server.hpp"

namespace coven::sim {

constexpr std::string_view manage_redemptions = "channel:manage:redemptions";
constexpr std::string_view read_redemptions = "channel:read:redemptions";

/// Whether the caller may do what needs `scope`, with which managing also reads, in its own channel
/// and with points: the refusal, or nothing.
std::optional<WebAnswer> points_fault(const EndpointCall& call, std::string_view scope);

/// A reward of the caller's channel.
struct FoundReward {
    eventsub::Reward* reward = nullptr;
    /// Why not.
    WebAnswer refusal = {};
};
/// The one that the query calls `name`; it must have been made by the caller's application.
FoundReward own_reward(const EndpointCall& call, std::string_view name);

}  // namespace coven::sim
