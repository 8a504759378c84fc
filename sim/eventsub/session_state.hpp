#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "coven/clock.hpp"

namespace coven::sim::eventsub {

/// Why Twitch ends a session.
/// https://dev.twitch.tv/docs/eventsub/handling-websocket-events/#close-message (read 2026-11-22)
enum class CloseCode : unsigned {
    internal_error = 4000,
    inbound_traffic = 4001,
    failed_ping_pong = 4002,
    unused = 4003,
    grace_expired = 4004,
    network_timeout = 4005,
    network_error = 4006,
    invalid_reconnect = 4007,
};

/// How long a session waits for what.
struct SessionRules {
    /// Without a wish of the client's; a wish is bent to the nearest that is allowed.
    std::chrono::seconds keepalive{10};
    std::chrono::seconds shortest_keepalive{10};
    std::chrono::seconds longest_keepalive{600};
    /// From the welcome to the first subscription, and from the loss of the last one.
    Duration unused_limit = std::chrono::seconds(10);
    /// Twitch does not say how often it asks whether somebody is there, nor how long it waits.
    Duration ping_every = std::chrono::seconds(30);
    Duration pong_limit = std::chrono::seconds(10);
    /// From the message session_reconnect to the end of the connection that had it.
    Duration reconnect_grace = std::chrono::seconds(30);
};

/// What time does to one session. Without a clock of its own: it is told each moment.
class SessionState {
  public:
    SessionState(const SessionRules& rules, std::chrono::seconds keepalive, Instant now);

    /// A message went out.
    void sent(Instant now) { keepalive_at_ = now + keepalive_; }
    /// So many enabled subscriptions it has now.
    void has_subscriptions(std::size_t count, Instant now);
    /// session_reconnect went out.
    void asked_to_reconnect(Instant now) { leaves_at_ = now + rules_.reconnect_grace; }
    /// A new connection has taken its place; only the grace ends it now.
    void was_replaced() { unused_at_.reset(); }
    void pinged(Instant now);
    void ponged() { pong_by_.reset(); }

    struct Due {
        enum class What { nothing, keepalive, ping, close };
        What what = What::nothing;
        CloseCode code = CloseCode::internal_error;
    };
    Due due(Instant now) const;
    /// When something is due next.
    Instant next() const;
    std::chrono::seconds keepalive() const { return keepalive_; }
    bool is_leaving() const { return leaves_at_.has_value(); }

  private:
    SessionRules rules_;
    std::chrono::seconds keepalive_;
    Instant keepalive_at_;
    Instant ping_at_;
    std::optional<Instant> pong_by_;
    std::optional<Instant> unused_at_;
    std::optional<Instant> leaves_at_;
};

}  // namespace coven::sim::eventsub
