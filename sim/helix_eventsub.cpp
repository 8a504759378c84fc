#include "helix_eventsub.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "eventsub/server.hpp"
#include "helix_actor.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

using eventsub::Condition;
using eventsub::Subscription;
using eventsub::Type;

/// Twitch does not say how many it gives at once.
constexpr std::size_t page_size = 100;

WebAnswer answer_with(const EndpointCall& call, unsigned status, json::array data,
                      std::size_t total) {
    const auto& table = call.eventsub->hub().subscriptions();
    const eventsub::Owner owner{.client_id = call.token.client_id, .user_id = call.token.user_id};
    const json::object body{{"data", std::move(data)},
                            {"total", total},
                            {"total_cost", table.cost_of(owner)},
                            {"max_total_cost", table.max_cost()},
                            {"pagination", json::object()}};
    return {.status = status, .headers = {}, .body = json::serialize(body)};
}

bool is_of_caller(const Subscription& one, const EndpointCall& call) {
    return one.client_id == call.token.client_id && one.user_id == call.token.user_id;
}

std::size_t count_of_caller(const EndpointCall& call) {
    return static_cast<std::size_t>(std::ranges::count_if(
        call.eventsub->hub().subscriptions().all(),
        [&call](const Subscription& one) { return is_of_caller(one, call); }));
}

/// The values of a condition; what is empty was left out.
Condition condition_in(const json::object& body) {
    Condition condition;
    const auto* const given = body.if_contains("condition");
    if (given == nullptr || !given->is_object()) return condition;
    for (const auto& [key, value] : given->get_object()) {
        const bool is_there = value.is_string() && !value.get_string().empty();
        if (is_there) condition.emplace(key, std::string(value.get_string()));
    }
    return condition;
}

/// Whether `condition` has what `wanted`, one word of Type::condition, asks for.
bool has_key(const Condition& condition, std::string_view wanted) {
    if (wanted.ends_with('?')) return true;
    std::size_t found = 0;
    eventsub::each_word(wanted, '|',
                        [&](std::string_view key) { found += condition.contains(key) ? 1u : 0u; });
    return found == 1;
}

std::optional<WebAnswer> condition_fault(const EndpointCall& call, const Type& type,
                                         const Condition& condition) {
    bool fits = true;
    eventsub::each_word(type.condition, ' ',
                        [&](std::string_view wanted) { fits &= has_key(condition, wanted); });
    if (!fits) return helix_refusal(400, "invalid condition for subscription type");
    for (const auto& [key, value] : condition) {
        if (type.condition.find(key) == std::string_view::npos) {
            return helix_refusal(400, "invalid condition for subscription type: '" + key + "'");
        }
        if (key.ends_with("user_id") && call.users.with_id(value) == nullptr) {
            return helix_refusal(400, "the user in the condition does not exist: '" + key + "'");
        }
    }
    return std::nullopt;
}

/// What the user `id` has granted to the application that calls; nothing = not even a login.
std::optional<Scopes> granted_by(const EndpointCall& call, std::string_view id) {
    if (id == call.token.user_id) return call.token.scopes;
    return call.accounts.granted(call.token.client_id, id);
}

bool are_enough(const Scopes& granted, std::string_view wanted) {
    bool enough = true;
    eventsub::each_word(wanted, ' ', [&](std::string_view alternatives) {
        bool one = false;
        eventsub::each_word(alternatives, '|', [&](std::string_view scope) {
            one |= std::ranges::find(granted, scope) != granted.end();
        });
        enough &= one;
    });
    return enough;
}

std::string_view value_in(const Condition& condition, std::string_view key) {
    const auto place = condition.find(key);
    return place == condition.end() ? std::string_view() : place->second;
}

/// Whether the caller may moderate the channel of the condition.
bool moderates(const EndpointCall& call, const Condition& condition) {
    const auto* const channel = call.users.with_id(value_in(condition, "broadcaster_user_id"));
    const auto* const user = call.users.with_id(call.token.user_id);
    if (channel == nullptr || user == nullptr) return false;
    if (channel == user) return true;
    return call.chat != nullptr && may_moderate(call.chat->book.role(channel->login, user->login));
}

bool may_have(const EndpointCall& call, const Type& type, const Condition& condition) {
    // Whoever acts as somebody must be that one; else the broadcaster's word counts.
    for (const auto key : {"moderator_user_id", "user_id"}) {
        if (!condition.contains(key)) continue;
        if (value_in(condition, key) != call.token.user_id) return false;
        const bool fits = key == std::string_view("user_id") || moderates(call, condition);
        return fits && are_enough(call.token.scopes, type.scopes);
    }
    if (type.scopes.empty()) return true;
    const auto granted = granted_by(call, value_in(condition, "broadcaster_user_id"));
    return granted && are_enough(*granted, type.scopes);
}

/// Nothing for what the user has allowed, in whatever words.
std::size_t cost_of(const EndpointCall& call, const Type& type, const Condition& condition) {
    if (!type.scopes.empty()) return 0;
    const bool is_allowed = std::ranges::any_of(
        condition, [&](const auto& entry) { return granted_by(call, entry.second).has_value(); });
    return is_allowed ? 0 : 1;
}

WebAnswer refusal_of(const eventsub::SubscriptionTable::Refusal& refusal) {
    auto answer = helix_refusal(refusal.status, refusal.message);
    if (refusal.id.empty()) return answer;
    // Since 2026-04-17 a conflict names what is in the way.
    answer.body.pop_back();
    answer.body.append(R"(,"id":")").append(refusal.id).append("\"}");
    return answer;
}

WebAnswer create(const EndpointCall& call, const Type& type, Condition condition,
                 std::string session_id) {
    Subscription wanted;
    wanted.type = &type;
    wanted.cost = cost_of(call, type, condition);
    wanted.condition = std::move(condition);
    wanted.client_id = call.token.client_id;
    wanted.user_id = call.token.user_id;
    wanted.session_id = std::move(session_id);
    const auto outcome = call.eventsub->hub().subscribe(std::move(wanted));
    if (outcome.made == nullptr) return refusal_of(outcome.refusal);
    json::array data;
    data.emplace_back(to_json(*outcome.made));
    return answer_with(call, 202, std::move(data), count_of_caller(call));
}

/// The one filter of a listing; nullptr = none.
struct Filter {
    std::string_view name;
    bool (*fits)(const Subscription&, std::string_view);
};
constexpr std::array filters = {
    Filter{"status",
           [](const Subscription& one, std::string_view value) { return one.status == value; }},
    Filter{"type",
           [](const Subscription& one, std::string_view value) { return one.type->name == value; }},
    Filter{"user_id",
           [](const Subscription& one, std::string_view value) {
               return std::ranges::any_of(
                   one.condition, [value](const auto& entry) { return entry.second == value; });
           }},
    Filter{"subscription_id",
           [](const Subscription& one, std::string_view value) { return one.id == value; }},
};

/// The place behind `cursor`; nothing = that is none.
std::optional<std::size_t> place_of(std::string_view cursor) {
    std::size_t place = 0;
    const auto read = std::from_chars(cursor.data(), cursor.data() + cursor.size(), place);
    const bool is_whole = read.ec == std::errc() && read.ptr == cursor.data() + cursor.size();
    return cursor.empty() || is_whole ? std::optional(place) : std::nullopt;
}

}  // namespace

WebAnswer create_subscription(const EndpointCall& call) {
    const auto body = body_of(call);
    const auto* const transport = body.if_contains("transport");
    if (transport == nullptr || !transport->is_object()) {
        return helix_refusal(400, "the body is no subscription: it has no transport");
    }
    const auto& via = transport->get_object();
    const bool is_web_socket = text_in(via, "method") == "websocket";
    if (is_web_socket == call.token.user_id.empty()) {
        return helix_refusal(401, "invalid transport and auth combination");
    }
    if (!is_web_socket) return helix_refusal(400, "this Twitch has WebSockets alone");
    const auto name = text_in(body, "type");
    const auto version = text_in(body, "version");
    if (eventsub::was_removed(name, version)) {
        return helix_refusal(410, "subscription type or version was removed");
    }
    const auto* const type = eventsub::find_type(name, version);
    if (type == nullptr) return helix_refusal(400, "invalid subscription type and version");
    auto condition = condition_in(body);
    if (auto fault = condition_fault(call, *type, condition)) return *std::move(fault);
    if (!may_have(call, *type, condition)) {
        return helix_refusal(403, "subscription missing proper authorization");
    }
    return create(call, *type, std::move(condition), text_in(via, "session_id"));
}

WebAnswer get_subscriptions(const EndpointCall& call) {
    if (call.token.user_id.empty()) return answer_with(call, 200, {}, 0);
    const Filter* filter = nullptr;
    for (const auto& one : filters) {
        if (value_of(call.request.query, one.name).empty()) continue;
        if (filter != nullptr) return helix_refusal(400, "only one filter is allowed");
        filter = &one;
    }
    const auto first = place_of(value_of(call.request.query, "after"));
    if (!first) return helix_refusal(400, "the cursor is not valid");
    std::vector<const Subscription*> found;
    for (const auto& one : call.eventsub->hub().subscriptions().all()) {
        if (!is_of_caller(one, call)) continue;
        const auto value = filter == nullptr ? "" : value_of(call.request.query, filter->name);
        if (filter == nullptr || filter->fits(one, value)) found.push_back(&one);
    }
    json::array data;
    const auto end = std::min(found.size(), *first + page_size);
    for (auto i = *first; i < end; ++i) data.emplace_back(to_json(*found[i]));
    auto answer = answer_with(call, 200, std::move(data), found.size());
    if (end == found.size()) return answer;
    const std::string last = R"("pagination":{})";
    const auto place = answer.body.rfind(last);
    answer.body.replace(place, last.size(),
                        R"("pagination":{"cursor":")" + std::to_string(end) + "\"}");
    return answer;
}

WebAnswer delete_subscription(const EndpointCall& call) {
    const auto id = value_of(call.request.query, "id");
    if (id.empty()) return helix_refusal(400, "Missing required parameter \"id\"");
    auto& hub = call.eventsub->hub();
    const auto& all = hub.subscriptions().all();
    const auto found = std::ranges::find(all, id, &Subscription::id);
    if (found == all.end() || !is_of_caller(*found, call)) {
        return helix_refusal(404, "subscription not found");
    }
    hub.unsubscribe(std::string(id));
    return helix_done();
}

}  // namespace coven::sim
