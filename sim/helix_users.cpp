#include "helix_users.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "chat.hpp"
#include "coven/lower_case.hpp"
#include "eventsub/server.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

/// Ids and logins together.
constexpr std::size_t most_asked_for = 100;

bool is_id(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view kind_of(const User& user, const EndpointCall& call) {
    return call.eventsub == nullptr ? "" : call.eventsub->rewards().kind_of(user.id);
}

json::object object_of(const User& user, const EndpointCall& call) {
    const auto picture = "https://static-cdn.jtvnw.net/jtv_user_pictures/" + user.id + "-300.png";
    json::object object{{"id", user.id},
                        {"login", user.login},
                        {"display_name", user.display_name},
                        {"type", ""},
                        {"broadcaster_type", kind_of(user, call)},
                        {"description", "somebody at a Twitch that runs on this machine"},
                        {"profile_image_url", picture},
                        {"offline_image_url", ""},
                        {"view_count", 0},
                        {"created_at", "2016-12-14T20:32:28Z"}};
    const bool may_see =
        user.id == call.token.user_id &&
        std::ranges::find(call.token.scopes, "user:read:email") != call.token.scopes.end();
    if (may_see) object.emplace("email", user.login + "@example.org");
    return object;
}

/// By id, so that nobody is there twice and the order has nothing to do with the request.
using Found = std::map<std::string_view, const User*>;

void add(Found& found, const User* user) {
    if (user != nullptr && !user->is_suspended) found.emplace(user->id, user);
}

WebAnswer answer_with(const Found& found, const EndpointCall& call) {
    json::array data;
    for (const auto& [id, user] : found) data.emplace_back(object_of(*user, call));
    return helix_data(std::move(data));
}

}  // namespace

WebAnswer get_users(const EndpointCall& call) {
    const auto ids = values_of(call.request.query, "id");
    auto logins = values_of(call.request.query, "login");
    Found found;
    if (ids.empty() && logins.empty()) {
        if (call.token.user_id.empty()) {
            return helix_refusal(400, "Must provide an ID, Login or OAuth Token.");
        }
        add(found, call.users.with_id(call.token.user_id));
        return answer_with(found, call);
    }
    if (ids.size() + logins.size() > most_asked_for) {
        return helix_refusal(400, "The total number of IDs and logins must not exceed 100.");
    }
    std::ranges::transform(logins, logins.begin(), lower_case);
    // One that makes no sense spoils the whole request.
    if (!std::ranges::all_of(ids, is_id) || !std::ranges::all_of(logins, is_login)) {
        return helix_refusal(400, "Invalid username(s), email(s), or ID(s). Bad Identifiers.");
    }
    for (const auto& id : ids) add(found, call.users.with_id(id));
    for (const auto& login : logins) add(found, call.users.with_login(login));
    return answer_with(found, call);
}

}  // namespace coven::sim
