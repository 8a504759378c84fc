#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "coven/clock.hpp"
#include "eventsub/types.hpp"

namespace coven::sim::eventsub {

/// Keys and ids.
using Condition = std::map<std::string, std::string, std::less<>>;

/// Something that a session is told about.
struct Subscription {
    std::string id;
    /// Of types().
    const Type* type = nullptr;
    /// Without what was left empty.
    Condition condition;
    std::string status = "enabled";
    std::string client_id;
    std::string user_id;
    std::string session_id;
    std::size_t cost = 0;
    Time created_at;
    Time connected_at;
    std::optional<Time> disconnected_at = {};
    /// When it is listed no more.
    std::optional<Instant> forgotten_at = {};

    bool is_enabled() const { return status == "enabled"; }
    /// Empty when the condition does not name it.
    std::string_view condition_of(std::string_view key) const;
};

/// Whether both want the same for the same user of the same application.
bool are_equal(const Subscription& one, const Subscription& other);

/// As Helix lists it.
boost::json::object to_json(const Subscription& subscription);
/// As messages of a session show it: without times of the transport.
boost::json::object to_message_json(const Subscription& subscription);

}  // namespace coven::sim::eventsub
