#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "eventsub/subscription.hpp"

namespace coven::sim::eventsub {

/// What every message begins with.
struct MessageHead {
    std::string id;
    Time time;
};

/// A session as it is told about itself.
struct SessionView {
    std::string id;
    Time connected_at;
    std::chrono::seconds keepalive{0};
    /// Only for session_reconnect.
    std::string reconnect_url = {};
};

// Each is one WebSocket message.
// https://dev.twitch.tv/docs/eventsub/websocket-reference/ (read 2026-11-22)

std::string welcome_message(const MessageHead& head, const SessionView& session);
std::string keepalive_message(const MessageHead& head);
std::string reconnect_message(const MessageHead& head, const SessionView& session);
std::string notification_message(const MessageHead& head, const Subscription& subscription,
                                 const boost::json::object& event);
/// With the subscription's status as the reason.
std::string revocation_message(const MessageHead& head, const Subscription& subscription);

}  // namespace coven::sim::eventsub
