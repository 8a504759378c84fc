#include "eventsub/server.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "eventsub/client_for_test.hpp"

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace coven::sim::eventsub {
namespace {

class EventSub : public ::testing::Test {
  protected:
    EventSub() { introduce(stage_.twitch()); }
    void run(asio::awaitable<void> test) { stage_.run(with_api(stage_, std::move(test))); }

    Stage stage_{{}};
};

std::string kind_of(const json::object& message) {
    return TestListener::text(message, "/metadata/message_type");
}

json::object in_channel(const std::string& id) { return {{"broadcaster_user_id", id}}; }

const std::string cheer = "channel.cheer";

/// A connection of `account` with one subscription, to cheers in its channel.
asio::awaitable<void> settle(TestListener& listener, TestAccount& account) {
    co_await listener.welcome("/ws");
    const auto condition = in_channel(account.id);
    const auto answer = co_await account.subscribe(listener.session_id, cheer, condition);
    EXPECT_TRUE(answer.starts_with("202 ")) << answer;
}

asio::awaitable<void> until_nobody_is_there(Stage& stage) {
    auto& server = stage.api->eventsub();
    const std::function<bool()> holds = [&server] { return server.connections().empty(); };
    co_await server.until(holds);
}

asio::awaitable<void> live(Stage& stage) {
    auto& hub = stage.api->eventsub().hub();
    TestListener listener(stage);
    TestAccount streamer(stage, "streamer", {"bits:read"});
    const auto welcome = co_await listener.welcome("/ws?keepalive_timeout_seconds=30");
    EXPECT_EQ(kind_of(welcome), "session_welcome");
    EXPECT_EQ(json::serialize(welcome.at("payload")),
              R"({"session":{"id":")" + listener.session_id +
                  R"(","status":"connected","connected_at":"2026-01-01T00:00:00.000000000Z",)"
                  R"("keepalive_timeout_seconds":30,"reconnect_url":null,"recovery_url":null}})");
    const auto condition = in_channel(streamer.id);
    auto answer = co_await streamer.subscribe(listener.session_id, cheer, condition);
    EXPECT_TRUE(answer.starts_with(R"(202 {"data":[{"id":")")) << answer;
    EXPECT_NE(answer.find(R"("total":1,"total_cost":0,"max_total_cost":10)"), std::string::npos)
        << answer;
    const json::object event{{"broadcaster_user_id", streamer.id}, {"bits", 100}};
    EXPECT_EQ(hub.happen(cheer, event), 1u);
    EXPECT_EQ(hub.happen(cheer, {{"broadcaster_user_id", "1"}}), 0u);
    const auto notification = co_await listener.next();
    EXPECT_EQ(kind_of(notification), "notification");
    EXPECT_EQ(TestListener::text(notification, "/metadata/subscription_type"), cheer);
    EXPECT_EQ(TestListener::text(notification, "/payload/subscription/transport/session_id"),
              listener.session_id);
    EXPECT_EQ(notification.at("payload").at("event"), event);
    stage.clock.jump(30s);
    const auto keepalive = co_await listener.next();
    EXPECT_EQ(kind_of(keepalive), "session_keepalive");
    EXPECT_EQ(json::serialize(keepalive.at("payload")), "{}");
    EXPECT_EQ(listener.pings, 1u) << "and it was asked whether it is there";
}

TEST_F(EventSub, WelcomesNotifiesAndKeepsAlive) { run(live(stage_)); }

asio::awaitable<void> come_late(Stage& stage) {
    TestListener listener(stage);
    co_await listener.welcome("/ws");
    stage.clock.jump(10s);
    const auto code = co_await listener.end();
    EXPECT_EQ(code, 4003u);
    TestAccount streamer(stage, "streamer", {"bits:read"});
    const auto condition = in_channel(streamer.id);
    const auto answer = co_await streamer.subscribe(listener.session_id, cheer, condition);
    EXPECT_EQ(answer,
              R"(400 {"error":"Bad Request","status":400,"message":"websocket transport session )"
              R"(does not exist or has already disconnected"})");
}

TEST_F(EventSub, ClosesWhatIsNotUsed) { run(come_late(stage_)); }

asio::awaitable<void> speak(Stage& stage) {
    TestListener listener(stage);
    TestAccount streamer(stage, "streamer", {"bits:read"});
    co_await settle(listener, streamer);
    const std::string anything = "{}";
    co_await listener.say(anything);
    const auto code = co_await listener.end();
    EXPECT_EQ(code, 4001u);
    auto& server = stage.api->eventsub();
    co_await until_nobody_is_there(stage);
    const auto& all = server.hub().subscriptions().all();
    EXPECT_EQ(all.front().status, "websocket_received_inbound_traffic");
    const auto listed = co_await streamer.call(
        "GET", "/eventsub/subscriptions?status=websocket_received_inbound_traffic", "");
    EXPECT_NE(listed.find(R"("disconnected_at":"2026-01-01T00:00:00.000000000Z")"),
              std::string::npos)
        << listed;
    stage.clock.jump(2min);
    EXPECT_TRUE(server.hub().subscriptions().all().empty()) << "orphans go after a while";
}

TEST_F(EventSub, WantsNothingSaid) { run(speak(stage_)); }

asio::awaitable<void> do_not_answer(Stage& stage) {
    TestListener listener(stage);
    TestAccount streamer(stage, "streamer", {"bits:read"});
    co_await settle(listener, streamer);
    auto& server = stage.api->eventsub();
    // It reads nothing from here on, so that Beast answers no ping either.
    while (!server.connections().empty()) {
        stage.clock.jump(10s);
        co_await asio::post(stage.io, asio::use_awaitable);
    }
    EXPECT_EQ(server.hub().subscriptions().all().front().status, "websocket_failed_ping_pong");
}

TEST_F(EventSub, WantsItsPingsAnswered) { run(do_not_answer(stage_)); }

asio::awaitable<void> dial_wrongly(Stage& stage) {
    TestListener elsewhere(stage);
    auto status = co_await elsewhere.dial("/chat");
    EXPECT_EQ(status, 404u);
    stage.api->eventsub().shut(5s);
    TestListener early(stage);
    status = co_await early.dial("/ws");
    EXPECT_EQ(status, 503u);
    stage.clock.jump(5s);
    TestListener stranger(stage);
    status = co_await stranger.dial("/ws?challenge=x&id=y");
    EXPECT_EQ(status, 101u);
    const auto code = co_await stranger.end();
    EXPECT_EQ(code, 4007u);
}

TEST_F(EventSub, RefusesWhoDialsWrongly) { run(dial_wrongly(stage_)); }

/// The address that a session_reconnect names, from its path on.
asio::awaitable<std::string> target_of_reconnect(TestListener& listener) {
    const auto message = co_await listener.next();
    EXPECT_EQ(kind_of(message), "session_reconnect");
    EXPECT_EQ(TestListener::text(message, "/payload/session/status"), "reconnecting");
    EXPECT_TRUE(message.at("payload").at("session").at("keepalive_timeout_seconds").is_null());
    const auto url = TestListener::text(message, "/payload/session/reconnect_url");
    EXPECT_TRUE(url.starts_with("ws://127.0.0.1:")) << url;
    co_return url.substr(url.find("/ws?"));
}

void ask_all_to_reconnect(Stage& stage) {
    stage.api->eventsub().each({}, [](Connection& one) { one.ask_to_reconnect(); });
}

asio::awaitable<void> reconnect(Stage& stage) {
    auto& hub = stage.api->eventsub().hub();
    TestListener old_one(stage);
    TestAccount streamer(stage, "streamer", {"bits:read"});
    co_await settle(old_one, streamer);
    ask_all_to_reconnect(stage);
    const auto target = co_await target_of_reconnect(old_one);
    const json::object event{{"broadcaster_user_id", streamer.id}};
    EXPECT_EQ(hub.happen(cheer, event), 1u);
    auto message = co_await old_one.next();
    EXPECT_EQ(kind_of(message), "notification") << "the old one goes on until the new welcome";
    TestListener new_one(stage);
    message = co_await new_one.welcome(target);
    EXPECT_EQ(kind_of(message), "session_welcome");
    EXPECT_NE(new_one.session_id, old_one.session_id);
    EXPECT_EQ(hub.happen(cheer, event), 1u);
    message = co_await new_one.next();
    EXPECT_EQ(kind_of(message), "notification") << "subscriptions have moved";
    TestListener again(stage);
    co_await again.dial(target);
    auto code = co_await again.end();
    EXPECT_EQ(code, 4007u) << "each address is good once";
    co_await old_one.close();
    stage.clock.jump(9s);
    EXPECT_EQ(hub.subscriptions().enabled_in(new_one.session_id), 1u);
}

TEST_F(EventSub, MovesToANewConnection) { run(reconnect(stage_)); }

asio::awaitable<void> reconnect_badly(Stage& stage) {
    auto& hub = stage.api->eventsub().hub();
    TestAccount streamer(stage, "streamer", {"bits:read"});
    TestListener lazy(stage);
    co_await settle(lazy, streamer);
    ask_all_to_reconnect(stage);
    auto target = co_await target_of_reconnect(lazy);
    // Nine seconds at a time, so that no ping goes without an answer.
    for (int i = 0; i < 4; ++i) stage.clock.jump(9s);
    auto code = co_await lazy.end();
    EXPECT_EQ(code, 4004u) << "nobody came";
    EXPECT_EQ(hub.subscriptions().all().back().status, "websocket_failed_to_reconnect");
    TestListener hasty(stage);
    co_await settle(hasty, streamer);
    ask_all_to_reconnect(stage);
    target = co_await target_of_reconnect(hasty);
    co_await hasty.close();
    co_await until_nobody_is_there(stage);
    TestListener late(stage);
    co_await late.dial(target);
    code = co_await late.end();
    EXPECT_EQ(code, 4007u) << "the old one has gone before the new welcome";
}

TEST_F(EventSub, EndsSessionsThatReconnectBadly) { run(reconnect_badly(stage_)); }

asio::awaitable<void> be_revoked(Stage& stage) {
    auto& hub = stage.api->eventsub().hub();
    TestListener listener(stage);
    TestAccount streamer(stage, "streamer", {"bits:read"});
    co_await settle(listener, streamer);
    EXPECT_EQ(hub.revoke("user_removed", [](const Subscription&) { return true; }), 1u);
    const auto message = co_await listener.next();
    EXPECT_EQ(kind_of(message), "revocation");
    EXPECT_EQ(TestListener::text(message, "/payload/subscription/status"), "user_removed");
    EXPECT_EQ(hub.happen(cheer, in_channel(streamer.id)), 0u);
    stage.clock.jump(10s);
    const auto code = co_await listener.end();
    EXPECT_EQ(code, 4003u) << "nothing left to be told";
}

TEST_F(EventSub, RevokesAndClosesWhatIsEmpty) { run(be_revoked(stage_)); }

asio::awaitable<void> hear_twice(Stage& stage) {
    auto& hub = stage.api->eventsub().hub();
    TestListener listener(stage);
    TestAccount streamer(stage, "streamer", {"bits:read"});
    co_await settle(listener, streamer);
    hub.faults().repeats = 1;
    hub.happen(cheer, in_channel(streamer.id));
    auto first = co_await listener.next_text();
    auto second = co_await listener.next_text();
    EXPECT_EQ(first, second) << "the same message";
    hub.faults().doubles = 1;
    EXPECT_EQ(hub.happen(cheer, in_channel(streamer.id)), 2u);
    const auto one = co_await listener.next();
    const auto other = co_await listener.next();
    EXPECT_EQ(one.at("payload"), other.at("payload")) << "the same event";
    EXPECT_NE(TestListener::text(one, "/metadata/message_id"),
              TestListener::text(other, "/metadata/message_id"));
    hub.faults().drops = 1;
    hub.happen(cheer, in_channel(streamer.id));
    EXPECT_EQ(hub.tally().lost, 1u);
    hub.faults().loss_percent = 100;
    hub.happen(cheer, in_channel(streamer.id));
    EXPECT_EQ(hub.tally().lost, 2u);
}

TEST_F(EventSub, RepeatsAndLosesOnDemand) { run(hear_twice(stage_)); }

asio::awaitable<void> vanish(Stage& stage) {
    auto& server = stage.api->eventsub();
    auto& hub = server.hub();
    TestAccount streamer(stage, "streamer", {"bits:read"});
    TestListener half(stage);
    co_await settle(half, streamer);
    server.each({}, [](Connection& one) { one.half_open(); });
    EXPECT_EQ(hub.happen(cheer, in_channel(streamer.id)), 1u);
    EXPECT_EQ(hub.tally().lost, 1u) << "it is still thought to be there";
    hub.faults().unnoticed = 1min;
    server.each({}, [](Connection& one) { one.cut(); });
    const auto code = co_await half.end();
    EXPECT_EQ(code, 0u) << "no goodbye";
    co_await until_nobody_is_there(stage);
    EXPECT_TRUE(hub.subscriptions().all().front().is_enabled()) << "an orphan";
    stage.clock.jump(1min);
    EXPECT_EQ(hub.subscriptions().all().front().status, "websocket_network_error");
}

TEST_F(EventSub, LeavesOrphans) { run(vanish(stage_)); }

}  // namespace
}  // namespace coven::sim::eventsub
