#include "helix_actor.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/parse.hpp>

namespace json = boost::json;

namespace coven::sim {

std::optional<WebAnswer> scope_fault(const EndpointCall& call, std::string_view scope) {
    const auto& scopes = call.token.scopes;
    if (std::ranges::find(scopes, scope) != scopes.end()) return std::nullopt;
    return helix_refusal(401, "Missing scope: " + std::string(scope));
}

Actor moderator_of(const EndpointCall& call, std::string_view scope, std::string_view broadcaster,
                   std::string_view moderator) {
    Actor actor;
    actor.refusal = scope_fault(call, scope);
    if (actor.refusal) return actor;
    const auto& query = call.request.query;
    for (const auto name : {broadcaster, moderator}) {
        if (!value_of(query, name).empty()) continue;
        actor.refusal =
            helix_refusal(400, "Missing required parameter \"" + std::string(name) + "\"");
        return actor;
    }
    const auto* const user = call.users.with_id(call.token.user_id);
    const auto* const channel = call.users.with_id(value_of(query, broadcaster));
    if (value_of(query, moderator) != call.token.user_id || user == nullptr) {
        actor.refusal = helix_refusal(401, "The ID in " + std::string(moderator) +
                                               " must match the user ID found in the request's "
                                               "OAuth token.");
        return actor;
    }
    if (channel == nullptr) {
        actor.refusal =
            helix_refusal(400, "The ID in " + std::string(broadcaster) + " does not match a user.");
        return actor;
    }
    actor.login = user->login;
    actor.channel = channel->login;
    actor.role = call.chat->book.role(actor.channel, actor.login);
    if (!may_moderate(actor.role)) {
        actor.refusal = helix_refusal(403, "The user in " + std::string(moderator) +
                                               " is not one of the broadcaster's "
                                               "moderators.");
    }
    return actor;
}

json::object body_of(const EndpointCall& call) {
    boost::system::error_code fault;
    auto body = json::parse(call.request.body, fault);
    if (fault || !body.is_object()) return {};
    return std::move(body.get_object());
}

std::string text_in(const json::object& body, std::string_view name) {
    const auto* const value = body.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

void note_deed(const EndpointCall& call, const Actor& actor, std::string kind, std::string text) {
    Deed deed;
    deed.time = call.chat->clock.now();
    deed.account = actor.login;
    deed.transport = Deed::Transport::helix;
    deed.channel = actor.channel;
    deed.kind = std::move(kind);
    deed.text = std::move(text);
    deed.is_privileged = is_privileged(actor.role);
    call.chat->deeds.note(std::move(deed));
}

}  // namespace coven::sim
