#include "helix_api.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "helix_chat.hpp"
#include "helix_eventsub.hpp"
#include "helix_moderated.hpp"
#include "helix_moderation.hpp"
#include "helix_points.hpp"
#include "helix_users.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

/// What a person reads for a status.
std::string_view name_of(unsigned status) {
    struct Row {
        unsigned status;
        std::string_view name;
    };
    static constexpr std::array<Row, 10> rows = {{{400, "Bad Request"},
                                                  {401, "Unauthorized"},
                                                  {403, "Forbidden"},
                                                  {404, "Not Found"},
                                                  {409, "Conflict"},
                                                  {410, "Gone"},
                                                  {422, "Unprocessable Entity"},
                                                  {429, "Too Many Requests"},
                                                  {500, "Internal Server Error"},
                                                  {503, "Service Unavailable"}}};
    const auto* const found = std::ranges::find(rows, status, &Row::status);
    return found == rows.end() ? std::string_view("Error") : found->name;
}

struct Route {
    std::string_view method;
    std::string_view path;
    HelixEndpoint endpoint;
    enum class Needs { nothing, chat, eventsub } needs = Needs::nothing;
};
constexpr std::string_view rewards = "/helix/channel_points/custom_rewards";
constexpr std::string_view redemptions = "/helix/channel_points/custom_rewards/redemptions";
constexpr std::array<Route, 17> routes = {{
    {"GET", "/helix/users", get_users},
    {"POST", "/helix/chat/messages", send_chat_message, Route::Needs::chat},
    {"POST", "/helix/chat/announcements", send_announcement, Route::Needs::chat},
    {"POST", "/helix/chat/shoutouts", send_shoutout, Route::Needs::chat},
    {"GET", "/helix/moderation/channels", get_moderated_channels, Route::Needs::chat},
    {"DELETE", "/helix/moderation/chat", delete_chat_messages, Route::Needs::chat},
    {"POST", "/helix/moderation/bans", ban_user, Route::Needs::chat},
    {"DELETE", "/helix/moderation/bans", unban_user, Route::Needs::chat},
    {"POST", "/helix/eventsub/subscriptions", create_subscription, Route::Needs::eventsub},
    {"GET", "/helix/eventsub/subscriptions", get_subscriptions, Route::Needs::eventsub},
    {"DELETE", "/helix/eventsub/subscriptions", delete_subscription, Route::Needs::eventsub},
    {"POST", rewards, create_reward, Route::Needs::eventsub},
    {"PATCH", rewards, update_reward, Route::Needs::eventsub},
    {"DELETE", rewards, delete_reward, Route::Needs::eventsub},
    {"GET", rewards, get_rewards, Route::Needs::eventsub},
    {"GET", redemptions, get_redemptions, Route::Needs::eventsub},
    {"PATCH", redemptions, update_redemptions, Route::Needs::eventsub},
}};

/// Endpoints that Twitch has taken away, https://dev.twitch.tv/docs/change-log/ (read 2026-11-22).
constexpr std::array<std::string_view, 4> removed = {"/helix/users/follows",
                                                     "/helix/hypetrain/events",
                                                     "/helix/tags/streams", "/helix/streams/tags"};

/// The token of a request; empty when it has none.
std::string_view bearer(const WebRequest& request) {
    constexpr std::string_view scheme = "Bearer ";
    const auto header = value_of(request.headers, "authorization");
    return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string_view();
}

/// Why nobody with this token and client id is let in; nullptr = they are.
const char* doubt(const WebRequest& request, const IssuedToken* token) {
    const auto client_id = value_of(request.headers, "client-id");
    if (bearer(request).empty()) return "OAuth token is missing";
    if (client_id.empty()) return "Client ID is missing";
    if (token == nullptr) return "Invalid OAuth token";
    return token->client_id == client_id ? nullptr : "Client ID and OAuth token do not match";
}

void add_level(WebAnswer& answer, const HelixBuckets::Level& level) {
    using std::chrono::ceil;
    const auto reset = ceil<std::chrono::seconds>(level.full_at).time_since_epoch().count();
    answer.headers.push_back({"Ratelimit-Limit", std::to_string(level.limit)});
    answer.headers.push_back({"Ratelimit-Remaining", std::to_string(level.remaining)});
    answer.headers.push_back({"Ratelimit-Reset", std::to_string(reset)});
}

}  // namespace

WebAnswer helix_data(json::value data) {
    const json::object body{{"data", std::move(data)}};
    return {.status = 200, .headers = {}, .body = json::serialize(body)};
}

WebAnswer helix_done() { return {.status = 204, .headers = {}, .body = {}}; }

WebAnswer helix_refusal(unsigned status, std::string_view message) {
    const json::object body{{"error", name_of(status)}, {"status", status}, {"message", message}};
    return {.status = status, .headers = {}, .body = json::serialize(body)};
}

WebAnswer HelixApi::answer(const WebRequest& request) {
    if (std::ranges::find(removed, request.path) != removed.end()) {
        return helix_refusal(410, "This API is not available.");
    }
    const auto* const route = std::ranges::find_if(routes, [&request](const Route& one) {
        return one.method == request.method && one.path == request.path;
    });
    const bool is_there = route != routes.end() &&
                          (route->needs != Route::Needs::chat || chat_ != nullptr) &&
                          (route->needs != Route::Needs::eventsub || eventsub_ != nullptr);
    if (!is_there) return helix_refusal(404, "");
    const auto* const token = accounts_.find(bearer(request));
    if (const auto* why = doubt(request, token)) return helix_refusal(401, why);
    const auto level = buckets_.take(bucket_of(request));
    const EndpointCall call{.request = request,
                            .token = *token,
                            .accounts = accounts_,
                            .users = users_,
                            .chat = chat_,
                            .eventsub = eventsub_};
    auto answer = level.was_empty ? helix_refusal(429, "Too Many Requests") : route->endpoint(call);
    add_level(answer, level);
    return answer;
}

WebAnswer HelixApi::limited(const WebRequest& request, Limit limit) {
    auto answer = helix_refusal(429, "Too Many Requests");
    if (limit == Limit::bare) return answer;
    auto level = buckets_.take(bucket_of(request));
    if (limit == Limit::bucket) {
        level.remaining = 0;
        level.full_at = std::max(level.full_at, clock_.now() + std::chrono::seconds(1));
    }
    add_level(answer, level);
    return answer;
}

std::string HelixApi::bucket_of(const WebRequest& request) const {
    const auto* const token = accounts_.find(bearer(request));
    if (token == nullptr) return {};
    // App tokens share one, without a user.
    return token->client_id + " " + token->user_id;
}

}  // namespace coven::sim
