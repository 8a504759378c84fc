// The connector is killed at each stage of a command with a key (G9): Twitch sees the line once at
// most, and what the key says afterwards is true.

#include <array>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/child_process.hpp"
#include "coven/command.hpp"
#include "coven/temp_folder.hpp"
#include "coven/token_store.hpp"
#include "coven_testing/http_script.hpp"
#include "coven_testing/test_bus.hpp"
#include "twitch/v1/chat_commands.pb.h"

namespace chat {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using coven::v1::Reply;

constexpr auto wait_limit = 60s;
constexpr auto call_limit = 8s;
constexpr std::size_t most_held = 1000;
/// Fits for a user and for a line that was sent.
constexpr const char* answer =
    R"({"data":[{"id":"9","login":"bot","message_id":"m1","is_sent":true}]})";

enum class Stage { asked, written, answered };
constexpr std::array<const char*, 3> stage_names = {"asked", "written", "answered"};

class SendCrashTest : public testing::Test {
  protected:
    SendCrashTest() {
        coven::StoredToken token;
        token.login = "bot";
        token.user_id = "9";
        token.client_id = "client";
        token.scopes = {"user:write:chat"};
        token.access = coven::Secret("canary");
        token.obtained_at = clock_.now();
        token.expires_at = coven::Time::max();
        coven::TokenStore::open(folder_.file("tokens")).value().write(token).value();
        helix_.answer_always(coven::testing::http_answer(200, answer));
        start_connector();
    }
    ~SendCrashTest() override {
        caller_.close();
        io_.restart();
        io_.run_for(1s);
    }

    void start_connector() {
        coven::ChildProcess::Options options;
        options.command = {coven::program_folder() + "/coven-chat"};
        options.environment = {{"COVEN_BUS_PUBLISH", broker_.endpoints().publish},
                               {"COVEN_BUS_SUBSCRIBE", broker_.endpoints().subscribe},
                               {"COVEN_BUS_REQUEST", broker_.endpoints().request},
                               {"COVEN_TWITCH_HELIX_URL", helix_.url()},
                               {"COVEN_TWITCH_TOKEN_FOLDER", folder_.file("tokens")},
                               {"COVEN_CHAT_DATA", folder_.file("data")},
                               {"COVEN_METRICS_LISTEN", "off"},
                               {"COVEN_LOG_LEVEL", "error"}};
        connector_.emplace(coven::ChildProcess::start(options).value());
    }
    /// kill -9; its successor starts at once.
    void crash() {
        connector_.reset();
        start_connector();
    }
    bool wait_for(const std::function<bool()>& holds) {
        const auto end = clock_.instant() + wait_limit;
        while (!holds() && clock_.instant() < end) {
            if (!holding_) helix_.release(most_held);
            io_.restart();
            io_.run_one_for(10ms);
        }
        return holds();
    }
    asio::awaitable<void> call(std::string text, std::string key, std::optional<Reply>& reply) {
        twitch::v1::ChatSend line;
        line.set_channel("bot");
        line.set_text(text);
        auto request = coven::request_of("chat.send", line);
        request.set_idempotency_key(key);
        reply = co_await caller_.call(std::move(request), call_limit);
    }
    void begin(const std::string& text, const std::string& key, std::optional<Reply>& reply) {
        reply.reset();
        asio::co_spawn(io_, call(text, key, reply), asio::detached);
    }
    /// Asks until there is an answer that says what became of it.
    Reply outcome(const std::string& text, const std::string& key) {
        std::optional<Reply> reply;
        const auto end = clock_.instant() + wait_limit;
        while (clock_.instant() < end) {
            begin(text, key, reply);
            if (!wait_for([&] { return reply.has_value(); })) break;
            const bool untried = reply->status() == Reply::NO_ROUTE ||
                                 reply->status() == Reply::EXPIRED || reply->code() == "no_answer";
            if (!untried) return *reply;
        }
        ADD_FAILURE() << "no outcome of '" << text << "'";
        return reply.value_or(Reply());
    }
    int times_sent(const std::string& text) const {
        int count = 0;
        for (const auto& seen : helix_.seen()) {
            if (seen.body.find("\"message\":\"" + text + "\"") != std::string::npos) ++count;
        }
        return count;
    }
    /// Kills the connector when the line has got as far as `stage`. What its key says then.
    Reply killed_at(Stage stage, const std::string& text, const std::string& key) {
        // Whoever speaks is there, and knows the channel.
        EXPECT_EQ(outcome("before " + text, "before " + text).status(), Reply::OK);
        holding_ = stage != Stage::asked;
        if (holding_) helix_.hold();
        std::optional<Reply> first;
        begin(text, key, first);
        if (stage == Stage::asked) {
            io_.restart();
            io_.run_one_for(5ms);
        } else {
            EXPECT_TRUE(wait_for([&] { return times_sent(text) == 1; }));
        }
        if (stage == Stage::answered) {
            holding_ = false;
            EXPECT_TRUE(wait_for([&] { return first.has_value(); }));
        }
        crash();
        holding_ = false;
        EXPECT_TRUE(wait_for([&] { return first.has_value(); }));
        return outcome(text, key);
    }

    coven::TempFolder folder_;
    coven::testing::TestBus broker_;
    asio::io_context io_{1};
    coven::SystemClock clock_;
    coven::testing::HttpScript helix_{io_};
    coven::Bus caller_{io_, broker_.endpoints(), clock_, {}};
    std::optional<coven::ChildProcess> connector_;
    /// Helix answers nothing.
    bool holding_ = false;
};

TEST_F(SendCrashTest, SaysALineOnceAtMostWheneverItIsKilled) {
    for (const auto stage : {Stage::asked, Stage::written, Stage::answered}) {
        const std::string text = stage_names.at(static_cast<std::size_t>(stage));
        const auto reply = killed_at(stage, text, text);
        EXPECT_LE(times_sent(text), 1) << text;
        const bool is_ok = reply.status() == Reply::OK;
        EXPECT_TRUE(is_ok || reply.status() == Reply::UNKNOWN)
            << text << ": " << reply.code() << " " << reply.message();
        if (is_ok) {
            EXPECT_EQ(times_sent(text), 1) << text;
        }
    }
    // Of what was written and never answered nobody can say more.
    EXPECT_EQ(outcome("written", "written").status(), Reply::UNKNOWN);
    EXPECT_EQ(outcome("answered", "answered").status(), Reply::OK);
}

TEST_F(SendCrashTest, WouldSayItTwiceWithoutAKey) {
    EXPECT_EQ(killed_at(Stage::written, "twice", "").status(), Reply::OK);
    EXPECT_EQ(times_sent("twice"), 2);
}

}  // namespace
}  // namespace chat
