#include "send/sending.hpp"

#include <random>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/command.hpp"
#include "coven/json_value.hpp"
#include "coven/temp_folder.hpp"
#include "coven/utf8.hpp"
#include "coven_testing/http_script.hpp"
#include "coven_testing/test_bus.hpp"
#include "coven_testing/test_jobs.hpp"
#include "send/hostile_text_for_test.hpp"
#include "send/text.hpp"

namespace chat {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using coven::testing::http_answer;
using coven::v1::Presence;
using coven::v1::Reply;
using twitch::v1::ChatSend;
using twitch::v1::ChatSent;

constexpr auto call_limit = 10s;
constexpr auto ask_again = 20ms;

/// The writing half on a real broker, with a Helix that says what a script says.
class SendingTest : public testing::Test {
  public:
    SendingTest() {
        settings_.token_folder = folder_.file("tokens");
        settings_.data_folder = folder_.file("data");
        settings_.helix_url = helix_.url();
    }
    void log_in(const std::string& login) {
        coven::StoredToken token;
        token.login = login;
        token.user_id = "1";
        token.client_id = "client";
        token.scopes = {"user:write:chat"};
        token.access = coven::Secret("canary");
        token.obtained_at = clock_.now();
        token.expires_at = coven::Time::max();
        coven::TokenStore::open(settings_.token_folder).value().write(token).value();
    }
    /// Runs the connector until `test` has ended.
    void run(asio::awaitable<void> test) {
        Sending sending(settings_, connector_, numbers_, io_.get_executor());
        for (const char* channel : {"ann", "bob", "bot"}) sending.learn_channel(channel, "9");
        connector_.report(Presence::STATE_READY, "");
        coven::testing::run_beside(io_, std::move(test), sending.run());
        caller_.close();
        connector_.close();
        io_.restart();
        io_.run_for(1s);
    }
    asio::awaitable<Reply> send(std::string channel, std::string text, std::string key) {
        ChatSend line;
        line.set_channel(channel);
        line.set_text(text);
        auto request = coven::request_of("chat.send", line);
        request.set_idempotency_key(key);
        co_return co_await caller_.call(std::move(request), call_limit);
    }
    /// Until the broker knows who answers.
    asio::awaitable<Reply> send_when_there(std::string channel, std::string text) {
        for (;;) {
            auto reply = co_await send(channel, text, "");
            if (reply.code() != "no_connector" && reply.code() != "verb_unknown") co_return reply;
            co_await clock_.sleep(ask_again);
        }
    }

    coven::TempFolder folder_;
    coven::testing::TestBus broker_;
    asio::io_context io_{1};
    coven::SystemClock clock_;
    coven::testing::HttpScript helix_{io_};
    coven::Bus connector_{io_,
                          broker_.endpoints(),
                          clock_,
                          {"chat", "chat-1", {chat_verbs.begin(), chat_verbs.end()}, {"*"}}};
    coven::Bus caller_{io_, broker_.endpoints(), clock_, {}};
    Sending::Settings settings_;
    SendNumbers numbers_;
};

constexpr const char* sent_answer = R"({"data":[{"message_id":"m1","is_sent":true}]})";

asio::awaitable<void> log_in_late(SendingTest& t) {
    auto reply = co_await t.send_when_there("ann", "hi");
    EXPECT_EQ(reply.status(), Reply::NO_ROUTE);
    EXPECT_EQ(reply.code(), "account_missing");
    EXPECT_NE(reply.message().find("coven login"), std::string::npos) << reply.message();
    auto events = t.caller_.subscribe("twitch.chat.*.sent");
    co_await events.ready();
    t.log_in("bot");
    while (reply.status() == Reply::NO_ROUTE) reply = co_await t.send_when_there("ann", "hi");
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    const auto event = co_await events.next();
    EXPECT_EQ(event.topic(), "twitch.chat.ann.sent");
    EXPECT_EQ(event.id(), "m1");
    const auto sent = event.payload_as<ChatSent>().value_or(ChatSent());
    EXPECT_EQ(sent.account(), "bot");
    EXPECT_EQ(sent.status(), Reply::OK);
}

TEST_F(SendingTest, SaysThatNobodyIsLoggedInAndSendsOnceSomebodyIs) {
    helix_.answer_always(http_answer(200, sent_answer));
    run(log_in_late(*this));
}

asio::awaitable<void> ask_twice(SendingTest& t) {
    auto reply = co_await t.send_when_there("ann", "first");
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    reply = co_await t.send("ann", "second", "key");
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    reply = co_await t.send("ann", "second", "key");
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    EXPECT_EQ(t.helix_.seen().size(), 2u);
}

TEST_F(SendingTest, SendsOnceForEachKey) {
    log_in("bot");
    helix_.answer_always(http_answer(200, sent_answer));
    run(ask_twice(*this));
}

asio::awaitable<void> send_hostile(SendingTest& t, std::vector<std::string>& said, int& rejected) {
    std::mt19937 random(3);
    for (int i = 0; i < 1000; ++i) {
        const auto text = hostile_text(random);
        // In protobuf a text is UTF-8: what is not does not even leave the caller.
        const auto fault = line_fault(text);
        if (!coven::is_utf8(text)) {
            ++rejected;
            continue;
        }
        const auto reply = co_await t.send_when_there("bot", text);
        const auto expected = fault ? Reply::REJECTED : Reply::OK;
        EXPECT_EQ(reply.status(), expected) << reply.code() << ": " << reply.message();
        EXPECT_EQ(reply.code(), fault ? fault->code : "");
        if (fault) ++rejected;
        if (!fault) said.push_back(text);
    }
}

TEST_F(SendingTest, SendsAThousandHostileTextsAsTheyStandOrNotAtAll) {
    log_in("bot");
    settings_.limits.privileged = 100000;
    helix_.answer_always(http_answer(200, sent_answer));
    std::vector<std::string> said;
    int rejected = 0;
    run(send_hostile(*this, said, rejected));
    EXPECT_EQ(said.size() + static_cast<std::size_t>(rejected), 1000u);
    EXPECT_GT(said.size(), 100u);
    ASSERT_EQ(helix_.seen().size(), said.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
        const auto body = coven::JsonValue::parse(helix_.seen()[i].body);
        ASSERT_TRUE(body.has_value()) << helix_.seen()[i].body;
        EXPECT_EQ(body->text_or("message"), said[i]);
    }
}

asio::awaitable<Reply> ask(SendingTest& t, const std::string& verb,
                           const google::protobuf::Message& payload) {
    auto request = coven::request_of(verb, payload);
    co_return co_await t.caller_.call(std::move(request), call_limit);
}

asio::awaitable<void> moderate(SendingTest& t) {
    const auto first = co_await t.send_when_there("ann", "hi");
    EXPECT_EQ(first.status(), Reply::OK) << first.message();
    twitch::v1::ChatTimeout timeout;
    timeout.set_channel("ann");
    timeout.set_user("bob");
    timeout.set_seconds(60);
    timeout.set_reason("so \"rude\"");
    auto reply = co_await ask(t, "chat.timeout", timeout);
    EXPECT_EQ(reply.status(), Reply::NO_ROUTE);
    EXPECT_NE(
        reply.message().find("coven login --scopes moderator:manage:banned_users,user:write:chat"),
        std::string::npos)
        << reply.message();
    timeout.set_seconds(0);
    reply = co_await ask(t, "chat.timeout", timeout);
    EXPECT_EQ(reply.code(), "seconds_out_of_range");
    twitch::v1::ChatDelete deletion;
    deletion.set_channel("ann");
    reply = co_await ask(t, "chat.delete", deletion);
    EXPECT_EQ(reply.code(), "message_id_malformed");
}

TEST_F(SendingTest, SaysWhatAModeratorLacks) {
    log_in("bot");
    helix_.answer_always(http_answer(200, sent_answer));
    run(moderate(*this));
    EXPECT_EQ(helix_.seen().size(), 1u);
}

asio::awaitable<void> ask_wrongly(SendingTest& t) {
    auto reply = co_await t.send_when_there("No Channel", "hi");
    EXPECT_EQ(reply.code(), "channel_malformed");
    ChatSend line;
    line.set_channel("ann");
    line.set_text("hi");
    line.set_account("nobody");
    reply = co_await ask(t, "chat.send", line);
    EXPECT_EQ(reply.status(), Reply::NO_ROUTE);
    EXPECT_NE(reply.message().find("only bot"), std::string::npos) << reply.message();
    line.set_account("bot");
    line.set_reply_to("a;b");
    reply = co_await ask(t, "chat.send", line);
    EXPECT_EQ(reply.code(), "message_id_malformed");
    reply = co_await ask(t, "chat.send", twitch::v1::ChatDelete());
    EXPECT_EQ(reply.code(), "payload_wrong");
}

TEST_F(SendingTest, RefusesWhatItCannotUnderstand) {
    log_in("bot");
    run(ask_wrongly(*this));
    EXPECT_TRUE(helix_.seen().empty());
}

}  // namespace
}  // namespace chat
