#include "points.hpp"

#include <string>

#include "eventsub/reward_json.hpp"

namespace coven::sim::eventsub {
namespace {

constexpr std::string_view redemption_type = "channel.channel_points_custom_reward_redemption";

std::string_view name_of(RewardChange change) {
    if (change == RewardChange::add) return "add";
    return change == RewardChange::update ? "update" : "remove";
}

void tell(Server& server, const Redemption& redemption, std::string_view change) {
    const auto* const broadcaster = server.users().with_id(redemption.reward.broadcaster_id);
    const auto* const user = server.users().with_id(redemption.user_id);
    if (broadcaster == nullptr || user == nullptr) return;
    const auto type = std::string(redemption_type) + "." + std::string(change);
    server.hub().happen(type, event_json(redemption, *broadcaster, *user));
}

}  // namespace

void tell(Server& server, const Reward& reward, RewardChange change) {
    const auto* const broadcaster = server.users().with_id(reward.broadcaster_id);
    if (broadcaster == nullptr) return;
    const auto type = "channel.channel_points_custom_reward." + std::string(name_of(change));
    server.hub().happen(type, event_json(reward, *broadcaster));
}

Result<const Redemption*> redeem(Server& server, std::string_view channel, std::string_view login,
                                 std::string_view reward, std::string_view input) {
    auto& book = server.rewards();
    const auto broadcaster_id = server.users().meet(channel).id;
    auto* found = book.find(broadcaster_id, reward);
    if (found == nullptr) found = book.with_title(broadcaster_id, reward);
    if (found == nullptr) {
        return Error{"'" + std::string(channel) + "' has no reward '" + std::string(reward) + "'"};
    }
    if (const auto fault = book.redeem_fault(*found)) {
        return Error{"reward '" + found->title + "' " + *fault};
    }
    const auto& redemption = book.redeem(*found, server.users().meet(login).id, input);
    tell(server, redemption, "add");
    return &redemption;
}

void settle(Server& server, Redemption& redemption, Redemption::Status status) {
    redemption.status = status;
    tell(server, redemption, "update");
}

void remove(Server& server, const Reward& reward) {
    for (auto* redemption : server.rewards().settle(reward)) tell(server, *redemption, "update");
    tell(server, reward, RewardChange::remove);
    server.rewards().remove(reward);
}

}  // namespace coven::sim::eventsub
