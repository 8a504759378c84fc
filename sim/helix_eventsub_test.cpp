#include "helix_eventsub.hpp"

#include <gtest/gtest.h>

#include "eventsub/client_for_test.hpp"
#include "verbs.hpp"

namespace asio = boost::asio;
namespace json = boost::json;

namespace coven::sim {
namespace {

using eventsub::TestAccount;
using eventsub::TestListener;

class HelixEventSub : public ::testing::Test {
  protected:
    HelixEventSub() { introduce(stage_.twitch()); }
    void run(asio::awaitable<void> test) { stage_.run(with_api(stage_, std::move(test))); }

    Stage stage_{{}};
};

std::string id_of(Stage& stage, const char* login) { return stage.server->users().meet(login).id; }

void play(Stage& stage, std::string_view command) {
    carry_out(stage.twitch(), parse_command(command).value());
}

asio::awaitable<void> refuse(Stage& stage) {
    TestListener listener(stage);
    co_await listener.welcome("/ws");
    TestAccount bot(stage, "bot", {"moderator:read:followers", "user:read:chat"});
    const auto own = bot.id;
    const auto meadow = id_of(stage, "meadow");
    struct Row {
        const char* type;
        json::object condition;
        const char* answer;
    };
    play(stage, "role forest bot moderator");
    const auto forest = id_of(stage, "forest");
    const auto in = [](const std::string& channel) {
        return json::object{{"broadcaster_user_id", channel}};
    };
    for (const auto& row :
         {Row{"channel.nothing", in(own), "400 "}, Row{"channel.cheer", {}, "400 "},
          Row{"channel.cheer", in("1"), "400 "},
          Row{"channel.cheer", {{"broadcaster_user_id", own}, {"more", "x"}}, "400 "},
          Row{"channel.cheer", in(own), "403 "}, Row{"channel.cheer", in(meadow), "403 "},
          Row{"channel.follow",
              {{"broadcaster_user_id", meadow}, {"moderator_user_id", own}},
              "403 "},
          Row{"channel.follow",
              {{"broadcaster_user_id", forest}, {"moderator_user_id", meadow}},
              "403 "},
          Row{"channel.follow",
              {{"broadcaster_user_id", forest}, {"moderator_user_id", own}},
              "202 "},
          Row{"channel.follow",
              {{"broadcaster_user_id", forest}, {"moderator_user_id", own}},
              "409 "},
          Row{"channel.chat.message", {{"broadcaster_user_id", meadow}, {"user_id", own}}, "202 "},
          Row{"channel.raid", {{"to_broadcaster_user_id", meadow}}, "202 "},
          Row{"channel.raid",
              {{"to_broadcaster_user_id", own}, {"from_broadcaster_user_id", meadow}},
              "400 "}}) {
        const auto answer = co_await bot.subscribe(listener.session_id, row.type, row.condition);
        EXPECT_TRUE(answer.starts_with(row.answer)) << row.type << answer;
    }
    TestAccount other(stage, "other", {});
    const auto answer = co_await other.subscribe(listener.session_id, "stream.online", in(meadow));
    EXPECT_NE(answer.find("created by different users"), std::string::npos) << answer;
}

TEST_F(HelixEventSub, RefusesWhatIsWrongOrForbidden) { run(refuse(stage_)); }

asio::awaitable<void> list(Stage& stage) {
    TestListener listener(stage);
    co_await listener.welcome("/ws");
    TestAccount bot(stage, "bot", {});
    std::string answer;
    for (int i = 0; i < 11; ++i) {
        const auto name = "channel" + std::to_string(i);
        const json::object condition{{"broadcaster_user_id", id_of(stage, name.c_str())}};
        answer = co_await bot.subscribe(listener.session_id, "stream.online", condition);
    }
    EXPECT_TRUE(answer.starts_with("429 ")) << answer;
    const json::object own{{"broadcaster_user_id", bot.id}};
    answer = co_await bot.subscribe(listener.session_id, "stream.online", own);
    EXPECT_NE(answer.find(R"("total":11,"total_cost":10,"max_total_cost":10)"), std::string::npos)
        << "who has allowed it costs nothing: " << answer;
    const std::string path = "/eventsub/subscriptions";
    answer = co_await bot.call("GET", path + "?user_id=" + bot.id, "");
    EXPECT_NE(answer.find(R"("total":1,)"), std::string::npos) << answer;
    answer = co_await bot.call("GET", path + "?type=stream.online&status=enabled", "");
    EXPECT_TRUE(answer.starts_with("400 ")) << answer;
    TestAccount other(stage, "other", {});
    answer = co_await other.call("GET", path, "");
    EXPECT_TRUE(answer.starts_with(R"(200 {"data":[],"total":0,)")) << answer;
    const auto id = stage.api->eventsub().hub().subscriptions().all().front().id;
    answer = co_await other.call("DELETE", path + "?id=" + id, "");
    EXPECT_TRUE(answer.starts_with("404 ")) << "not theirs: " << answer;
    answer = co_await bot.call("DELETE", path + "?id=" + id, "");
    EXPECT_EQ(answer, "204 ");
    answer = co_await bot.call("DELETE", path, "");
    EXPECT_TRUE(answer.starts_with("400 ")) << answer;
}

TEST_F(HelixEventSub, ListsAndCountsThoseOfTheCaller) { run(list(stage_)); }

asio::awaitable<void> page(Stage& stage) {
    TestListener listener(stage);
    co_await listener.welcome("/ws");
    TestAccount bot(stage, "bot", {"user:read:chat"});
    for (int i = 0; i < 101; ++i) {
        const auto name = "channel" + std::to_string(i);
        const json::object condition{{"broadcaster_user_id", id_of(stage, name.c_str())},
                                     {"user_id", bot.id}};
        co_await bot.subscribe(listener.session_id, "channel.chat.message", condition);
    }
    const std::string path = "/eventsub/subscriptions";
    auto answer = co_await bot.call("GET", path, "");
    EXPECT_TRUE(answer.ends_with(R"("pagination":{"cursor":"100"}})"))
        << answer.substr(answer.size() - 80);
    answer = co_await bot.call("GET", path + "?after=100", "");
    EXPECT_TRUE(
        answer.ends_with(R"("total":101,"total_cost":0,"max_total_cost":10,"pagination":{}})"))
        << answer;
    answer = co_await bot.call("GET", path + "?after=x", "");
    EXPECT_TRUE(answer.starts_with("400 ")) << answer;
}

TEST_F(HelixEventSub, GivesPages) { run(page(stage_)); }

asio::awaitable<void> conflict(Stage& stage) {
    TestListener old_one(stage);
    TestListener new_one(stage);
    co_await old_one.welcome("/ws");
    co_await new_one.welcome("/ws");
    TestAccount bot(stage, "bot", {"bits:read"});
    const json::object condition{{"broadcaster_user_id", bot.id}};
    co_await bot.subscribe(old_one.session_id, "channel.cheer", condition);
    const auto id = stage.api->eventsub().hub().subscriptions().all().front().id;
    play(stage, "eventsub-conflict 1");
    auto answer = co_await bot.subscribe(new_one.session_id, "channel.cheer", condition);
    EXPECT_EQ(answer,
              R"(409 {"error":"Conflict","status":409,"message":"subscription already exists",)"
              R"("id":")" +
                  id + R"("})");
    answer = co_await bot.subscribe(new_one.session_id, "channel.cheer", condition);
    EXPECT_TRUE(answer.starts_with("202 ")) << "once: " << answer;
}

TEST_F(HelixEventSub, NamesWhatIsInTheWay) { run(conflict(stage_)); }

TEST_F(HelixEventSub, IsWhereTwitchsOwnToolHasIt) {
    const auto ask = [](Stage& stage) -> asio::awaitable<void> {
        Caller caller(stage);
        caller.connect();
        for (const char* path : {"/eventsub/subscriptions", "/mock/users", "/auth/validate"}) {
            const auto answer =
                co_await caller.ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            EXPECT_TRUE(answer.starts_with("HTTP/1.1 401 ")) << path << answer;
        }
    };
    run(ask(stage_));
}

}  // namespace
}  // namespace coven::sim
