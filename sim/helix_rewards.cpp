#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>

#include "eventsub/points.hpp"
#include "eventsub/reward_json.hpp"
#include "helix_actor.hpp"
#include "helix_broadcaster.hpp"
#include "helix_points.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

using eventsub::Reward;
using eventsub::RewardChange;

constexpr std::size_t most_ids = 50;

/// Each leaves `into` alone when `name` is missing or of another kind.
void read(const json::object& body, std::string_view name, bool& into) {
    const auto* const value = body.if_contains(name);
    if (value != nullptr && value->is_bool()) into = value->get_bool();
}

void read(const json::object& body, std::string_view name, std::int64_t& into) {
    const auto* const value = body.if_contains(name);
    if (value != nullptr && value->is_int64()) into = value->get_int64();
}

void read(const json::object& body, std::string_view name, std::string& into) {
    const auto* const value = body.if_contains(name);
    if (value != nullptr && value->is_string()) into = std::string(value->get_string());
}

void read(const json::object& body, Reward& into) {
    read(body, "title", into.title);
    read(body, "cost", into.cost);
    read(body, "prompt", into.prompt);
    read(body, "background_color", into.background_color);
    read(body, "is_enabled", into.is_enabled);
    read(body, "is_paused", into.is_paused);
    read(body, "is_user_input_required", into.is_user_input_required);
    read(body, "should_redemptions_skip_request_queue", into.skips_queue);
    read(body, "is_max_per_stream_enabled", into.max_per_stream.is_enabled);
    read(body, "max_per_stream", into.max_per_stream.value);
    read(body, "is_max_per_user_per_stream_enabled", into.max_per_user_per_stream.is_enabled);
    read(body, "max_per_user_per_stream", into.max_per_user_per_stream.value);
    read(body, "is_global_cooldown_enabled", into.global_cooldown.is_enabled);
    read(body, "global_cooldown_seconds", into.global_cooldown.value);
}

WebAnswer answer_with(const EndpointCall& call, const Reward& reward) {
    json::array data;
    data.emplace_back(helix_json(reward, *call.users.with_id(reward.broadcaster_id)));
    return helix_data(std::move(data));
}

}  // namespace

WebAnswer create_reward(const EndpointCall& call) {
    if (auto fault = points_fault(call, manage_redemptions)) return *std::move(fault);
    Reward reward;
    reward.broadcaster_id = call.token.user_id;
    reward.client_id = call.token.client_id;
    // Required: what is missing must not pass for the usual 1.
    reward.cost = 0;
    read(body_of(call), reward);
    auto& book = call.eventsub->rewards();
    if (const auto fault = book.fault(reward)) return helix_refusal(400, *fault);
    const auto& made = book.add(std::move(reward));
    tell(*call.eventsub, made, RewardChange::add);
    return answer_with(call, made);
}

WebAnswer update_reward(const EndpointCall& call) {
    if (auto fault = points_fault(call, manage_redemptions)) return *std::move(fault);
    auto found = own_reward(call, "id");
    if (found.reward == nullptr) return std::move(found.refusal);
    auto changed = *found.reward;
    read(body_of(call), changed);
    if (const auto fault = call.eventsub->rewards().fault(changed)) {
        return helix_refusal(400, *fault);
    }
    *found.reward = std::move(changed);
    tell(*call.eventsub, *found.reward, RewardChange::update);
    return answer_with(call, *found.reward);
}

WebAnswer delete_reward(const EndpointCall& call) {
    if (auto fault = points_fault(call, manage_redemptions)) return *std::move(fault);
    auto found = own_reward(call, "id");
    if (found.reward == nullptr) return std::move(found.refusal);
    remove(*call.eventsub, *found.reward);
    return helix_done();
}

WebAnswer get_rewards(const EndpointCall& call) {
    if (auto fault = points_fault(call, read_redemptions)) return *std::move(fault);
    const auto ids = values_of(call.request.query, "id");
    if (ids.size() > most_ids) return helix_refusal(400, "The maximum number of IDs is 50.");
    const bool only_own = value_of(call.request.query, "only_manageable_rewards") == "true";
    json::array data;
    for (const auto& reward : call.eventsub->rewards().rewards()) {
        if (reward.broadcaster_id != call.token.user_id) continue;
        const bool is_asked = ids.empty() || std::ranges::find(ids, reward.id) != ids.end();
        const bool is_own = reward.client_id == call.token.client_id;
        if (!is_asked || (only_own && !is_own)) continue;
        data.emplace_back(helix_json(reward, *call.users.with_id(reward.broadcaster_id)));
    }
    if (!ids.empty() && data.empty()) {
        return helix_refusal(404, "The custom rewards specified were not found.");
    }
    return helix_data(std::move(data));
}

}  // namespace coven::sim
