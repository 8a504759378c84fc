#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "eventsub/subscription.hpp"

namespace coven::sim::eventsub {

/// Whose subscriptions are counted together.
struct Owner {
    std::string client_id;
    std::string user_id;
};

/// All subscriptions of all sessions, oldest first, and how many there may be. Has no clock and no
/// sockets.
/// https://dev.twitch.tv/docs/eventsub/handling-websocket-events/ (read 2026-11-22)
class SubscriptionTable {
  public:
    struct Limits {
        /// Of one owner: sessions with subscriptions.
        std::size_t transports = 3;
        /// Of one session.
        std::size_t of_session = 300;
        /// Of one owner, with equal type and condition.
        std::size_t equal = 3;
        /// Of one owner.
        std::size_t cost = 10;
    };
    struct Refusal {
        unsigned status = 0;
        std::string message;
        /// Of the subscription that is in the way, if it is one.
        std::string id = {};
    };
    /// Whether another session's equal subscription is in the way, too.
    enum class OfOthers { allowed, in_the_way };

    explicit SubscriptionTable(const Limits& limits) : limits_(limits) {}

    /// What speaks against one more; nothing = it may come.
    std::optional<Refusal> refusal(const Subscription& wanted, OfOthers of_others) const;
    void add(Subscription subscription) { all_.push_back(std::move(subscription)); }
    /// nullptr = there is none.
    Subscription* find(std::string_view id);
    /// False when there is none.
    bool remove(std::string_view id);
    /// Those of a session go on in another one.
    void move(std::string_view from, std::string_view to, Time connected_at);
    /// Those of a session that are enabled become `status`, and are listed until `forgotten_at`.
    void disable(std::string_view session_id, std::string_view status, Time now,
                 Instant forgotten_at);
    /// What has been listed long enough goes.
    void forget(Instant now);

    std::size_t enabled_in(std::string_view session_id) const;
    std::size_t cost_of(const Owner& owner) const;
    std::size_t max_cost() const { return limits_.cost; }
    /// References stay good until the subscription is removed or forgotten.
    const std::list<Subscription>& all() const { return all_; }

  private:
    /// Sessions of the owner of `wanted` with enabled subscriptions, but for its own.
    std::size_t other_transports(const Subscription& wanted) const;

    Limits limits_;
    std::list<Subscription> all_;
};

}  // namespace coven::sim::eventsub
