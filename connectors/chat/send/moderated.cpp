#include "send/moderated.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "coven/log.hpp"
#include "coven/race.hpp"

namespace asio = boost::asio;

namespace chat {

namespace {

constexpr const char* scope = "user:read:moderated_channels";
constexpr int most_pages = 20;
/// A line waits for the answer, and to count as ordinary costs it less than to wait longer.
constexpr auto longest_question = std::chrono::seconds(3);

/// https://dev.twitch.tv/docs/api/reference/#get-moderated-channels (read 2026-11-23)
coven::HelixCall call_for(const std::string& user_id, const std::string& after) {
    coven::HelixCall call;
    call.path = "/moderation/channels";
    call.query.push_back({"user_id", user_id});
    call.query.push_back({"first", "100"});
    if (!after.empty()) call.query.push_back({"after", after});
    call.object = "the channels that user " + user_id + " moderates";
    return call;
}

asio::awaitable<void> read_pages(coven::Helix& helix, coven::Clock& clock, Roles& roles,
                                 std::string user_id) {
    std::string after;
    for (int page = 0; page < most_pages; ++page) {
        auto call = call_for(user_id, after);
        const auto answer = co_await helix.call(std::move(call));
        if (answer.has_error()) {
            coven::log::info("roles_unknown", {{"reason", answer.error().message}});
            co_return;
        }
        std::vector<std::string> channels;
        for (const auto& channel : answer->member("data").items()) {
            channels.push_back(channel.text_or("broadcaster_login"));
        }
        roles.learn_moderated(channels, clock.instant());
        after = answer->member("pagination").text_or("cursor");
        if (after.empty()) co_return;
    }
}

}  // namespace

asio::awaitable<void> ask_for_roles(coven::Helix& helix, coven::Clock& clock, Roles& roles,
                                    std::string channel, coven::AccessToken token) {
    const bool granted =
        std::find(token.scopes.begin(), token.scopes.end(), scope) != token.scopes.end();
    if (!granted || !roles.take_question(channel, clock.instant())) co_return;
    auto reading = read_pages(helix, clock, roles, token.user_id);
    co_await coven::race(std::move(reading), clock.sleep(longest_question));
}

}  // namespace chat
