#include "subscription.hpp"

#include "time_text.hpp"

namespace json = boost::json;

namespace coven::sim::eventsub {
namespace {

/// Optional keys that were left out are shown empty, as Twitch shows them.
json::object shown(const Subscription& subscription) {
    json::object condition;
    for (const auto& [key, value] : subscription.condition) condition.emplace(key, value);
    each_word(subscription.type->condition, ' ', [&condition](std::string_view key) {
        if (!key.ends_with('?')) return;
        key.remove_suffix(1);
        if (!condition.contains(key)) condition.emplace(key, "");
    });
    return condition;
}

json::object plain(const Subscription& subscription, json::object transport) {
    return {{"id", subscription.id},
            {"status", subscription.status},
            {"type", subscription.type->name},
            {"version", subscription.type->version},
            {"cost", subscription.cost},
            {"condition", shown(subscription)},
            {"transport", std::move(transport)},
            {"created_at", rfc3339_precise(subscription.created_at)}};
}

}  // namespace

std::string_view Subscription::condition_of(std::string_view key) const {
    const auto place = condition.find(key);
    return place == condition.end() ? std::string_view() : place->second;
}

bool are_equal(const Subscription& one, const Subscription& other) {
    return one.type == other.type && one.client_id == other.client_id &&
           one.user_id == other.user_id && one.condition == other.condition;
}

json::object to_json(const Subscription& subscription) {
    json::object transport{{"method", "websocket"},
                           {"session_id", subscription.session_id},
                           {"connected_at", rfc3339_precise(subscription.connected_at)}};
    if (subscription.disconnected_at) {
        transport.emplace("disconnected_at", rfc3339_precise(*subscription.disconnected_at));
    }
    return plain(subscription, std::move(transport));
}

json::object to_message_json(const Subscription& subscription) {
    return plain(subscription, {{"method", "websocket"}, {"session_id", subscription.session_id}});
}

}  // namespace coven::sim::eventsub
