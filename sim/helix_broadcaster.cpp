#include "helix_broadcaster.hpp"

#include <string>

#include "helix_actor.hpp"

namespace coven::sim {

std::optional<WebAnswer> points_fault(const EndpointCall& call, std::string_view scope) {
    auto fault = scope_fault(call, scope);
    if (fault && scope == read_redemptions) fault = scope_fault(call, manage_redemptions);
    if (fault) return fault;
    const auto id = value_of(call.request.query, "broadcaster_id");
    if (id.empty()) return helix_refusal(400, "Missing required parameter \"broadcaster_id\"");
    if (id != call.token.user_id) {
        return helix_refusal(401,
                             "The ID in broadcaster_id must match the user ID found in the "
                             "request's OAuth token.");
    }
    if (call.eventsub->rewards().kind_of(id).empty()) {
        return helix_refusal(403, "The broadcaster must have partner or affiliate status.");
    }
    return std::nullopt;
}

FoundReward own_reward(const EndpointCall& call, std::string_view name) {
    const auto& query = call.request.query;
    const auto id = value_of(query, name);
    if (id.empty()) {
        return {nullptr,
                helix_refusal(400, "Missing required parameter \"" + std::string(name) + "\"")};
    }
    auto* const reward = call.eventsub->rewards().find(value_of(query, "broadcaster_id"), id);
    if (reward == nullptr) {
        return {nullptr, helix_refusal(404, "The custom reward specified was not found.")};
    }
    if (reward->client_id != call.token.client_id) {
        return {nullptr,
                helix_refusal(403,
                              "The ID in the Client-Id header must match the client ID used to "
                              "create the custom reward.")};
    }
    return {reward};
}

}  // namespace coven::sim
