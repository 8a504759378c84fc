#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "chat.hpp"
#include "endpoint_call.hpp"

namespace coven::sim {

/// Who wants to do something in which channel.
struct Actor {
    /// Logins.
    std::string login;
    std::string channel;
    Role role = Role::viewer;
    /// Why not; nothing = it may.
    std::optional<WebAnswer> refusal = {};
};

/// What an endpoint of moderators asks of its caller: `scope`, the ids of query or body under these
/// names, that of the actor being the token's, and the role of a moderator.
Actor moderator_of(const EndpointCall& call, std::string_view scope,
                   std::string_view broadcaster = "broadcaster_id",
                   std::string_view moderator = "moderator_id");

/// 401 when the token lacks `scope`.
std::optional<WebAnswer> scope_fault(const EndpointCall& call, std::string_view scope);

/// The body of a call; empty when it is no JSON object.
boost::json::object body_of(const EndpointCall& call);
/// Empty when `name` is missing or no text.
std::string text_in(const boost::json::object& body, std::string_view name);

/// Notes what an account has done through Helix.
void note_deed(const EndpointCall& call, const Actor& actor, std::string kind, std::string text);

}  // namespace coven::sim
