#include "helix_points.hpp"

#include <gtest/gtest.h>

#include "eventsub/client_for_test.hpp"
#include "verbs.hpp"

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

using eventsub::TestAccount;
using eventsub::TestListener;

class Points : public ::testing::Test {
  protected:
    void run(asio::awaitable<void> test) { stage_.run(with_api(stage_, std::move(test))); }

    Stage stage_{{}};
};

const Scopes manage = {"channel:manage:redemptions"};
const std::string rewards = "/channel_points/custom_rewards?broadcaster_id=";
const std::string redemptions = "/channel_points/custom_rewards/redemptions?broadcaster_id=";
const std::string tea = R"({"title":"Tea","cost":5})";
const std::string dearer = R"({"cost":6})";
const std::string fulfilled = R"({"status":"FULFILLED"})";
const std::string canceled = R"({"status":"CANCELED"})";

std::size_t play(Stage& stage, std::string_view command) {
    return carry_out(stage.twitch(), parse_command(command).value()).count;
}

/// The value of the first "id" in an answer.
std::string id_in(const std::string& answer) {
    const std::string name = R"("id":")";
    const auto begin = answer.find(name) + name.size();
    return answer.substr(begin, answer.find('"', begin) - begin);
}

asio::awaitable<void> manage_rewards(Stage& stage) {
    TestAccount account(stage, "meadow", manage);
    const auto all = rewards + account.id;
    auto answer = co_await account.call("POST", all, tea);
    EXPECT_TRUE(answer.starts_with("200 ")) << answer;
    const auto id = id_in(answer);
    struct Row {
        std::string method;
        std::string path;
        std::string body;
        const char* beginning;
    };
    play(stage, "reward meadow 7 Dashboard's own");
    answer = co_await account.call("GET", all, "");
    const auto first = id_in(answer);
    const auto at = all + "&id=";
    const std::string nothing = "00000000-0000-4000-8000-000000000000";
    std::string without_status = redemptions + account.id;
    without_status.append("&reward_id=").append(id);
    for (const auto& row :
         {Row{"POST", all, tea,
              R"(400 {"error":"Bad Request","status":400,"message":"CREATE_CUSTOM_REWARD_DUP)"},
          Row{"POST", all, R"({"title":"Free"})", "400 "}, Row{"POST", all, "no JSON", "400 "},
          Row{"POST", rewards + "1", tea, "401 "}, Row{"PATCH", at + id, R"({"cost":0})", "400 "},
          Row{"PATCH", at + id, R"({"cost":6,"is_paused":true})", "200 "},
          Row{"PATCH", at + nothing, "{}", "404 "},
          Row{"GET", at + id, "", R"(200 {"data":[{"id":")"}, Row{"GET", at + nothing, "", "404 "},
          Row{"GET", without_status, "", "400 "}, Row{"DELETE", all, "", "400 "}}) {
        answer = co_await account.call(row.method, row.path, row.body);
        EXPECT_TRUE(answer.starts_with(row.beginning)) << row.method << row.path << answer;
    }
    const auto& book = stage.api->eventsub().rewards().rewards();
    const auto dashboard = at + book.back().id;
    answer = co_await account.call("PATCH", dashboard, dearer);
    EXPECT_TRUE(answer.starts_with("403 ")) << "another has made it: " << answer;
    answer = co_await account.call("GET", all + "&only_manageable_rewards=true", "");
    EXPECT_EQ(answer.find("Dashboard"), std::string::npos) << answer;
    EXPECT_EQ(first, id) << "oldest first";
    answer = co_await account.call("DELETE", at + id, "");
    EXPECT_EQ(answer, "204 ");
    play(stage, "broadcaster meadow none");
    answer = co_await account.call("GET", all, "");
    EXPECT_TRUE(answer.starts_with("403 ")) << answer;
    TestAccount reader(stage, "meadow", {"channel:read:redemptions"});
    answer = co_await reader.call("POST", all, tea);
    EXPECT_TRUE(
        answer.starts_with(R"(401 {"error":"Unauthorized","status":401,"message":"Missing)"))
        << answer;
}

TEST_F(Points, HaveRewardsOfTheirMakers) { run(manage_rewards(stage_)); }

asio::awaitable<void> listen(TestListener& listener, TestAccount& account) {
    co_await listener.welcome("/ws");
    const json::object condition{{"broadcaster_user_id", account.id}};
    for (const char* type : {"channel.channel_points_custom_reward_redemption.add",
                             "channel.channel_points_custom_reward_redemption.update",
                             "channel.channel_points_custom_reward.remove"}) {
        const auto answer = co_await account.subscribe(listener.session_id, type, condition);
        EXPECT_TRUE(answer.starts_with("202 ")) << answer;
    }
}

asio::awaitable<void> redeem(Stage& stage) {
    TestListener listener(stage);
    TestAccount account(stage, "meadow", manage);
    co_await listen(listener, account);
    const std::string body =
        R"({"title":"Tea","cost":5,"is_global_cooldown_enabled":true,"global_cooldown_seconds":5})";
    auto answer = co_await account.call("POST", rewards + account.id, body);
    const auto reward = id_in(answer);
    EXPECT_EQ(play(stage, "redeem meadow fan Coffee"), 0u) << "no such reward";
    EXPECT_EQ(play(stage, "redeem meadow fan Tea :with milk"), 1u);
    EXPECT_EQ(play(stage, "redeem meadow fan Tea"), 0u) << "it cools";
    auto message = co_await listener.next();
    const auto id = TestListener::text(message, "/payload/event/id");
    EXPECT_EQ(TestListener::text(message, "/payload/event/user_input"), "with milk");
    EXPECT_EQ(TestListener::text(message, "/payload/event/status"), "unfulfilled");
    const auto base = redemptions + account.id + "&reward_id=" + reward;
    answer = co_await account.call("GET", base + "&status=UNFULFILLED", "");
    EXPECT_EQ(id_in(answer), id) << answer;
    answer = co_await account.call("PATCH", base + "&id=" + id, canceled);
    EXPECT_NE(answer.find(R"("status":"CANCELED")"), std::string::npos) << answer;
    message = co_await listener.next();
    EXPECT_EQ(TestListener::text(message, "/payload/event/id"), id);
    EXPECT_EQ(TestListener::text(message, "/payload/event/status"), "canceled");
    answer = co_await account.call("PATCH", base + "&id=" + id, fulfilled);
    EXPECT_TRUE(answer.starts_with("404 ")) << "once: " << answer;
    stage.clock.jump(5s);
    EXPECT_EQ(play(stage, "redeem meadow fan " + reward), 1u) << "by id, too";
    message = co_await listener.next();
    answer = co_await account.call("DELETE", rewards + account.id + "&id=" + reward, "");
    EXPECT_EQ(answer, "204 ");
    message = co_await listener.next();
    EXPECT_EQ(TestListener::text(message, "/payload/event/status"), "fulfilled")
        << "what waits is fulfilled when its reward goes";
    message = co_await listener.next();
    EXPECT_EQ(TestListener::text(message, "/payload/event/id"), reward);
}

TEST_F(Points, AreRedeemedAndSettled) { run(redeem(stage_)); }

TEST(RewardBook, HasFiftyRewardsOfAChannel) {
    testing::MovedClock clock;
    eventsub::Ids ids(1);
    eventsub::RewardBook book(ids, clock);
    eventsub::Reward reward;
    reward.broadcaster_id = "1";
    for (int i = 0; i < 50; ++i) {
        reward.title = std::to_string(i);
        ASSERT_EQ(book.fault(reward), std::nullopt) << i;
        book.add(reward);
    }
    reward.title = "one more";
    EXPECT_EQ(book.fault(reward), "CREATE_CUSTOM_REWARD_TOO_MANY_REWARDS");
    reward.broadcaster_id = "2";
    EXPECT_EQ(book.fault(reward), std::nullopt);
    reward.title = std::string(46, 'x');
    EXPECT_EQ(book.fault(reward), "The title may contain a maximum of 45 characters.");
    reward.title = "x";
    reward.background_color = "red";
    EXPECT_EQ(book.fault(reward), "The background_color is not valid.");
}

}  // namespace
}  // namespace coven::sim
