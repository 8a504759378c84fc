#include "reward_json.hpp"

#include <algorithm>
#include <string>

#include "time_text.hpp"

namespace json = boost::json;

namespace coven::sim::eventsub {
namespace {

void put(json::object& into, const std::string& name, const User& user) {
    into.emplace(name + "_id", user.id);
    into.emplace(name + "_login", user.login);
    into.emplace(name + "_name", user.display_name);
}

json::object images() {
    json::object urls;
    for (const char* size : {"1", "2", "4"}) {
        urls.emplace(std::string("url_") + size + "x",
                     std::string("https://static-cdn.jtvnw.net/rewards/default-") + size + ".png");
    }
    return urls;
}

json::object cap(const Cap& cap, std::string_view name) {
    return {{"is_enabled", cap.is_enabled}, {name, cap.value}};
}

/// What both say in the same words.
json::object plain(const Reward& reward) {
    json::object object{{"id", reward.id},
                        {"title", reward.title},
                        {"prompt", reward.prompt},
                        {"cost", reward.cost},
                        {"image", nullptr},
                        {"default_image", images()},
                        {"background_color", reward.background_color},
                        {"is_enabled", reward.is_enabled},
                        {"is_paused", reward.is_paused},
                        {"is_in_stock", true},
                        {"is_user_input_required", reward.is_user_input_required},
                        {"should_redemptions_skip_request_queue", reward.skips_queue},
                        {"redemptions_redeemed_current_stream", nullptr},
                        {"cooldown_expires_at", nullptr}};
    if (reward.cooldown_expires_at) {
        object["cooldown_expires_at"] = rfc3339(*reward.cooldown_expires_at);
    }
    return object;
}

json::object plain(const Redemption& redemption, const User& user) {
    const auto& reward = redemption.reward;
    json::object object{{"id", redemption.id},
                        {"user_input", redemption.user_input},
                        {"status", name_of(redemption.status)},
                        {"redeemed_at", rfc3339_precise(redemption.redeemed_at)},
                        {"reward",
                         {{"id", reward.id},
                          {"title", reward.title},
                          {"prompt", reward.prompt},
                          {"cost", reward.cost}}}};
    put(object, "user", user);
    return object;
}

}  // namespace

json::object helix_json(const Reward& reward, const User& broadcaster) {
    auto object = plain(reward);
    put(object, "broadcaster", broadcaster);
    object.emplace("max_per_stream_setting", cap(reward.max_per_stream, "max_per_stream"));
    object.emplace("max_per_user_per_stream_setting",
                   cap(reward.max_per_user_per_stream, "max_per_user_per_stream"));
    object.emplace("global_cooldown_setting",
                   cap(reward.global_cooldown, "global_cooldown_seconds"));
    return object;
}

json::object event_json(const Reward& reward, const User& broadcaster) {
    auto object = plain(reward);
    put(object, "broadcaster_user", broadcaster);
    object.emplace("max_per_stream", cap(reward.max_per_stream, "value"));
    object.emplace("max_per_user_per_stream", cap(reward.max_per_user_per_stream, "value"));
    object.emplace("global_cooldown", cap(reward.global_cooldown, "seconds"));
    return object;
}

json::object helix_json(const Redemption& redemption, const User& broadcaster, const User& user) {
    auto object = plain(redemption, user);
    put(object, "broadcaster", broadcaster);
    std::string status(name_of(redemption.status));
    std::ranges::transform(status, status.begin(),
                           [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    object["status"] = status;
    return object;
}

json::object event_json(const Redemption& redemption, const User& broadcaster, const User& user) {
    auto object = plain(redemption, user);
    put(object, "broadcaster_user", broadcaster);
    return object;
}

}  // namespace coven::sim::eventsub
