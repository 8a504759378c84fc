#include "subscription_table.hpp"

#include <algorithm>
#include <set>

namespace coven::sim::eventsub {
namespace {

constexpr unsigned conflict = 409;
constexpr unsigned too_many = 429;

bool belongs_to(const Subscription& subscription, const Owner& owner) {
    return subscription.client_id == owner.client_id && subscription.user_id == owner.user_id;
}

}  // namespace

std::optional<SubscriptionTable::Refusal> SubscriptionTable::refusal(const Subscription& wanted,
                                                                     OfOthers of_others) const {
    std::size_t equal = 0;
    for (const auto& one : all_) {
        if (!one.is_enabled() || !are_equal(one, wanted)) continue;
        const bool is_own = one.session_id == wanted.session_id;
        if (is_own || of_others == OfOthers::in_the_way) {
            return Refusal{conflict, "subscription already exists", one.id};
        }
        ++equal;
    }
    if (equal >= limits_.equal) {
        return Refusal{too_many, "maximum subscriptions with type and condition exceeded"};
    }
    const auto own = enabled_in(wanted.session_id);
    if (own == 0 && other_transports(wanted) >= limits_.transports) {
        return Refusal{too_many, "number of websocket transports limit exceeded"};
    }
    if (own >= limits_.of_session) {
        return Refusal{too_many, "number of subscriptions of a websocket transport exceeded"};
    }
    const Owner owner{.client_id = wanted.client_id, .user_id = wanted.user_id};
    if (cost_of(owner) + wanted.cost > limits_.cost) {
        return Refusal{too_many, "total_cost would exceed max_total_cost"};
    }
    return std::nullopt;
}

Subscription* SubscriptionTable::find(std::string_view id) {
    const auto place = std::ranges::find(all_, id, &Subscription::id);
    return place == all_.end() ? nullptr : &*place;
}

bool SubscriptionTable::remove(std::string_view id) {
    return all_.remove_if([id](const Subscription& one) { return one.id == id; }) > 0;
}

void SubscriptionTable::move(std::string_view from, std::string_view to, Time connected_at) {
    for (auto& one : all_) {
        if (one.session_id != from || !one.is_enabled()) continue;
        one.session_id = to;
        one.connected_at = connected_at;
    }
}

void SubscriptionTable::disable(std::string_view session_id, std::string_view status, Time now,
                                Instant forgotten_at) {
    for (auto& one : all_) {
        if (one.session_id != session_id || !one.is_enabled()) continue;
        one.status = status;
        one.disconnected_at = now;
        one.forgotten_at = forgotten_at;
    }
}

void SubscriptionTable::forget(Instant now) {
    all_.remove_if(
        [now](const Subscription& one) { return one.forgotten_at && *one.forgotten_at <= now; });
}

std::size_t SubscriptionTable::enabled_in(std::string_view session_id) const {
    const auto count = std::ranges::count_if(all_, [session_id](const Subscription& one) {
        return one.is_enabled() && one.session_id == session_id;
    });
    return static_cast<std::size_t>(count);
}

std::size_t SubscriptionTable::cost_of(const Owner& owner) const {
    std::size_t cost = 0;
    for (const auto& one : all_) {
        if (one.is_enabled() && belongs_to(one, owner)) cost += one.cost;
    }
    return cost;
}

std::size_t SubscriptionTable::other_transports(const Subscription& wanted) const {
    const Owner owner{.client_id = wanted.client_id, .user_id = wanted.user_id};
    std::set<std::string_view> sessions;
    for (const auto& one : all_) {
        const bool counts = one.is_enabled() && belongs_to(one, owner);
        if (counts && one.session_id != wanted.session_id) sessions.insert(one.session_id);
    }
    return sessions.size();
}

}  // namespace coven::sim::eventsub
