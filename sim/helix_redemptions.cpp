#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "eventsub/points.hpp"
#include "eventsub/reward_json.hpp"
#include "helix_actor.hpp"
#include "helix_broadcaster.hpp"
#include "helix_points.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

using eventsub::Redemption;
using Status = Redemption::Status;

constexpr std::size_t most_ids = 50;
constexpr std::size_t usual_page = 20;

std::optional<Status> find_status(std::string_view text) {
    if (text == "UNFULFILLED") return Status::unfulfilled;
    if (text == "FULFILLED") return Status::fulfilled;
    if (text == "CANCELED") return Status::canceled;
    return std::nullopt;
}

json::object json_of(const EndpointCall& call, const Redemption& redemption) {
    return helix_json(redemption, *call.users.with_id(redemption.reward.broadcaster_id),
                      *call.users.with_id(redemption.user_id));
}

/// `usual` when nothing is asked for; nothing = that is no number up to `most`.
std::optional<std::size_t> number_in(std::string_view text, std::size_t usual, std::size_t most) {
    if (text.empty()) return usual;
    std::size_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool fits = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return fits && number <= most ? std::optional(number) : std::nullopt;
}

/// Those of one reward that a query asks for, by ids or by status.
std::vector<const Redemption*> asked_for(const EndpointCall& call, std::string_view reward_id,
                                         const std::vector<std::string>& ids,
                                         std::optional<Status> status) {
    std::vector<const Redemption*> found;
    for (const auto& one : call.eventsub->rewards().redemptions()) {
        if (one.reward.id != reward_id) continue;
        const bool fits =
            ids.empty() ? one.status == status : std::ranges::find(ids, one.id) != ids.end();
        if (fits) found.push_back(&one);
    }
    if (value_of(call.request.query, "sort") == "NEWEST") std::ranges::reverse(found);
    return found;
}

}  // namespace

WebAnswer get_redemptions(const EndpointCall& call) {
    if (auto fault = points_fault(call, read_redemptions)) return *std::move(fault);
    auto reward = own_reward(call, "reward_id");
    if (reward.reward == nullptr) return std::move(reward.refusal);
    const auto& query = call.request.query;
    const auto ids = values_of(query, "id");
    const auto status = find_status(value_of(query, "status"));
    if (ids.size() > most_ids) return helix_refusal(400, "The maximum number of IDs is 50.");
    if (ids.empty() && !status) return helix_refusal(400, "Either id or status is required.");
    const auto size = number_in(value_of(query, "first"), usual_page, most_ids);
    const auto first = number_in(value_of(query, "after"), 0, std::size_t(-1));
    if (!size || !first || *size == 0) return helix_refusal(400, "first or after is not valid");
    const auto found = asked_for(call, reward.reward->id, ids, status);
    if (!ids.empty() && found.empty()) {
        return helix_refusal(404, "The redemptions specified were not found.");
    }
    const auto begin = std::min(*first, found.size());
    const auto end = begin + std::min(*size, found.size() - begin);
    json::array data;
    for (auto i = begin; i < end; ++i) data.emplace_back(json_of(call, *found[i]));
    json::object pagination;
    if (end < found.size()) pagination.emplace("cursor", std::to_string(end));
    const json::object body{{"data", std::move(data)}, {"pagination", std::move(pagination)}};
    return {.status = 200, .headers = {}, .body = json::serialize(body)};
}

WebAnswer update_redemptions(const EndpointCall& call) {
    if (auto fault = points_fault(call, manage_redemptions)) return *std::move(fault);
    auto reward = own_reward(call, "reward_id");
    if (reward.reward == nullptr) return std::move(reward.refusal);
    const auto status = find_status(text_in(body_of(call), "status"));
    if (!status || *status == Status::unfulfilled) {
        return helix_refusal(400, "The status must be FULFILLED or CANCELED.");
    }
    const auto ids = values_of(call.request.query, "id");
    if (ids.empty() || ids.size() > most_ids) {
        return helix_refusal(400, "From 1 to 50 ids are required.");
    }
    std::vector<Redemption*> found;
    for (const auto& id : ids) {
        auto* const one = call.eventsub->rewards().redemption(reward.reward->id, id);
        const bool waits = one != nullptr && one->status == Status::unfulfilled;
        // One that does not wait spoils the whole request.
        if (!waits) return helix_refusal(404, "The redemptions specified were not found.");
        found.push_back(one);
    }
    json::array data;
    for (auto* one : found) {
        settle(*call.eventsub, *one, *status);
        data.emplace_back(json_of(call, *one));
    }
    return helix_data(std::move(data));
}

}  // namespace coven::sim
