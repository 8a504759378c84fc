#include "users.hpp"

#include <sstream>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/command.hpp"
#include "coven/temp_folder.hpp"
#include "coven/token_store.hpp"
#include "coven/topic.hpp"
#include "coven_testing/http_script.hpp"
#include "coven_testing/test_bus.hpp"
#include "coven_testing/test_jobs.hpp"
#include "twitch/v1/chat.pb.h"

namespace asio = boost::asio;

namespace users {
namespace {

using namespace std::chrono_literals;
using coven::testing::http_answer;
using coven::v1::Reply;
using twitch::v1::UsersLookup;

/// `names` with blanks between them.
UsersLookup logins(const std::string& names) {
    UsersLookup question;
    std::istringstream words(names);
    for (std::string word; words >> word;) question.add_logins(word);
    return question;
}

twitch::v1::Users users_in(const Reply& reply) {
    twitch::v1::Users users;
    EXPECT_EQ(reply.status(), Reply::OK) << reply.message();
    EXPECT_TRUE(reply.payload().UnpackTo(&users));
    return users;
}

/// The connector on a real broker, with a Twitch that says what a script says.
class UsersTest : public testing::Test {
  public:
    UsersTest() {
        settings_.folder = folder_.file("users");
        settings_.token_folder = folder_.file("tokens");
        settings_.helix_url = twitch_.url() + "/helix";
    }
    void log_in() {
        coven::StoredToken token;
        token.login = "bot";
        token.user_id = "1";
        token.client_id = "client";
        token.access = coven::Secret("canary-access-token");
        token.obtained_at = clock_.now();
        token.expires_at = coven::Time::max();
        auto store = coven::TokenStore::open(settings_.token_folder).value();
        store.write(token).value();
    }
    /// Runs the connector until `test` has ended.
    void run(asio::awaitable<void> test) {
        Users users(settings_);
        coven::testing::run_beside(io_, std::move(test), users.run(connector_));
        caller_.close();
        connector_.close();
        io_.restart();
        io_.run_for(1s);
    }
    asio::awaitable<Reply> ask(UsersLookup question) {
        auto request = coven::request_of("users.lookup", question);
        co_return co_await caller_.call(std::move(request), 10s);
    }
    void say(const std::string& id, const std::string& login, const std::string& display) {
        twitch::v1::ChatMessage message;
        message.set_user_id(id);
        message.set_user_login(login);
        message.set_display_name(display);
        message.set_channel_id("900");
        message.set_channel_login("channel");
        coven::v1::Event event;
        event.set_type("tv.twitch.chat.message");
        event.mutable_proto_data()->PackFrom(message);
        const auto topic = coven::Topic::parse("twitch.chat.channel.message").value();
        EXPECT_EQ(caller_.publish(topic, event), coven::Published::queued);
    }

    coven::TempFolder folder_;
    coven::testing::TestBus broker_;
    asio::io_context io_{1};
    coven::SystemClock clock_;
    coven::testing::HttpScript twitch_{io_};
    coven::Bus connector_{
        io_, broker_.endpoints(), clock_, {"users", "users-1", {"users.lookup"}, {"*"}}};
    coven::Bus caller_{io_, broker_.endpoints(), clock_, {}};
    Users::Settings settings_;
};

asio::awaitable<void> learn_from_chat(UsersTest& t) {
    // What is said before the connector listens is not heard.
    twitch::v1::Users users;
    while (users.users_size() < 2) {
        t.say("7", "alice", "Alice");
        const auto reply = co_await t.ask(logins("alice channel nobody"));
        reply.payload().UnpackTo(&users);
    }
    EXPECT_EQ(users.users(0).id(), "7");
    EXPECT_EQ(users.users(0).display_name(), "Alice");
    EXPECT_EQ(users.users(1).id(), "900");
    EXPECT_EQ(users.unasked_logins_size(), 1);
    EXPECT_NE(users.reason().find("nobody is logged in: `coven login` does it"), std::string::npos)
        << users.reason();
}

TEST_F(UsersTest, ServesWhatChatHasToldAndSaysWhatItCannotKnow) {
    run(learn_from_chat(*this));
    EXPECT_TRUE(twitch_.seen().empty());
}

asio::awaitable<void> announce_new_login(UsersTest& t) {
    auto renamed = t.caller_.subscribe("twitch.user.*.renamed");
    co_await renamed.ready();
    twitch::v1::Users users;
    while (users.users_size() < 1) {
        t.say("7", "alice", "Alice");
        const auto reply = co_await t.ask(logins("alice"));
        reply.payload().UnpackTo(&users);
    }
    t.say("7", "alicia", "Alicia");
    const auto event = co_await renamed.next();
    EXPECT_EQ(event.topic(), "twitch.user.alice.renamed");
    const auto change = event.payload_as<twitch::v1::UserRenamed>();
    EXPECT_EQ(change.value_or(twitch::v1::UserRenamed()).new_login(), "alicia");
    const auto reply = co_await t.ask(logins("alicia"));
    EXPECT_EQ(users_in(reply).users_size(), 1);
}

TEST_F(UsersTest, AnnouncesWhoHasAnotherLogin) { run(announce_new_login(*this)); }

/// Of 500 ids, each time all of them.
asio::awaitable<void> look_up_often(UsersTest& t, int times) {
    UsersLookup question;
    for (int id = 1; id <= 500; ++id) question.add_ids(std::to_string(id));
    for (int i = 0; i < times;) {
        const auto reply = co_await t.ask(question);
        if (reply.status() != Reply::OK) continue;
        EXPECT_EQ(users_in(reply).users_size(), 500) << users_in(reply).reason();
        ++i;
    }
}

asio::awaitable<void> look_up_at_once(UsersTest& t) {
    using boost::asio::experimental::awaitable_operators::operator&&;
    co_await (look_up_often(t, 40) && look_up_often(t, 40) && look_up_often(t, 40));
}

TEST_F(UsersTest, ManyLookupsOfFiveHundredCostFiveCallsOfTwitch) {
    log_in();
    std::string items;
    for (int id = 1; id <= 500; ++id) {
        const auto text = std::to_string(id);
        items += id == 1 ? "" : ",";
        items.append(R"({"id":")").append(text).append(R"(","login":"u)").append(text);
        items.append(R"(","display_name":"U"})");
    }
    twitch_.answer_always(http_answer(200, R"({"data":[)" + items + "]}"));
    run(look_up_at_once(*this));
    EXPECT_EQ(twitch_.seen().size(), 5u);
    for (const auto& seen : twitch_.seen()) {
        EXPECT_EQ(seen.headers.at("authorization"), "Bearer canary-access-token");
        EXPECT_EQ(seen.headers.at("client-id"), "client");
        EXPECT_EQ(seen.target.find("canary"), std::string::npos);
    }
}

asio::awaitable<void> ask_wrongly(UsersTest& t) {
    auto reply = co_await t.ask(logins("alice"));
    while (reply.status() != Reply::OK) reply = co_await t.ask(logins("alice"));
    reply = co_await t.ask(logins("not-a-login"));
    EXPECT_EQ(reply.status(), Reply::REJECTED);
    EXPECT_EQ(reply.code(), "name_malformed");
    reply = co_await t.ask(UsersLookup());
    EXPECT_EQ(reply.code(), "names_count");
    UsersLookup too_many;
    for (int i = 0; i < 1001; ++i) too_many.add_ids("1");
    reply = co_await t.ask(too_many);
    EXPECT_EQ(reply.code(), "names_count");
    EXPECT_NE(reply.message().find("1001"), std::string::npos);
}

TEST_F(UsersTest, RefusesWhatItCannotUnderstand) { run(ask_wrongly(*this)); }

}  // namespace
}  // namespace users
