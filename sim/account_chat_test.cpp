// Accounts, chat and Helix as one Twitch, over real sockets.

#include <fstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "caller_for_test.hpp"
#include "chat_message.hpp"
#include "control.hpp"
#include "coven/temp_folder.hpp"
#include "verbs.hpp"

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

using asio::experimental::awaitable_operators::operator||;

ChatServer::Options strict() {
    ChatServer::Options options;
    options.rules.strangers = Strangers::refused;
    return options;
}

asio::awaitable<std::unique_ptr<TestClient>> enter(Stage& stage, std::string password) {
    auto& server = *stage.server;
    auto client = co_await TestClient::connect(server.clock(), server.url());
    co_await client->socket->write("CAP REQ :twitch.tv/tags twitch.tv/commands\r\nPASS " +
                                   password + "\r\nNICK bot\r\n");
    co_return client;
}

asio::awaitable<void> log_in_with_tokens(Stage& stage) {
    introduce(stage.twitch());
    auto& accounts = stage.api->accounts();
    const auto token = accounts.issue("bot", {"chat:edit", "chat:read"}).access;
    const auto client = co_await enter(stage, "oauth:" + token);
    auto line = co_await client->line_with("GLOBALUSERSTATE");
    EXPECT_NE(line.find(";user-id=" + numeric_id("bot") + ";"), std::string::npos) << line;
    accounts.expire("bot");
    co_await client->socket->write("PRIVMSG #xqc :still here\r\n");
    co_await client->line_with("USERSTATE #xqc");
    const auto late = co_await enter(stage, "oauth:" + token);
    line = co_await late->line_with("NOTICE");
    EXPECT_EQ(line, ":tmi.twitch.tv NOTICE * :Login authentication failed");
    co_await (late->line() || stage.server->until_connected(1));
    const auto reading = accounts.issue("bot", {"chat:read"}).access;
    const auto reader = co_await enter(stage, "oauth:" + reading);
    co_await reader->line_with(" 376 ");
    co_await reader->socket->write("PRIVMSG #xqc :without chat:edit\r\n");
    line = co_await reader->line_with("NOTICE");
    EXPECT_TRUE(line.starts_with("@msg-id=no_permission ")) << line;
}

TEST(AccountChat, LetsInWhoseTokenIsGood) {
    Stage stage(strict());
    stage.run(log_in_with_tokens(stage));
}

asio::awaitable<void> speak_by_helix(Stage& stage) {
    introduce(stage.twitch());
    const auto reader = co_await TestClient::join(*stage.server, "xqc");
    const auto token = stage.api->accounts().issue("bot", {"chat:read", "user:write:chat"}).access;
    const auto own = co_await enter(stage, "oauth:" + token);
    co_await own->line_with(" 376 ");
    co_await own->socket->write("JOIN #xqc\r\n");
    co_await own->line_with("ROOMSTATE");
    Caller caller(stage);
    caller.connect();
    const auto body = R"({"broadcaster_id":")" + numeric_id("xqc") + R"(","sender_id":")" +
                      numeric_id("bot") + R"(","message":"by Helix"})";
    const auto answer = co_await caller.ask(
        "POST /helix/chat/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token +
        "\r\nClient-Id: simpublic\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body);
    EXPECT_NE(answer.find(R"("is_sent":true)"), std::string::npos) << answer;
    auto line = co_await reader->line();
    EXPECT_TRUE(line.ends_with(":bot!bot@bot.tmi.twitch.tv PRIVMSG #xqc :by Helix")) << line;
    line = co_await own->line();
    EXPECT_TRUE(line.ends_with("PRIVMSG #xqc :by Helix"))
        << "its own connections hear it: " << line;
    const auto deeds = json::parse(answer_control(stage.twitch(), "deeds bot").json).at("deeds");
    EXPECT_EQ(deeds.as_array().size(), 1u);
    const auto& deed = deeds.as_array().front();
    EXPECT_EQ(deed.at("transport"), json::value("helix"));
    EXPECT_EQ(deed.at("outcome"), json::value("done"));
    const auto others = json::parse(answer_control(stage.twitch(), "deeds other").json);
    EXPECT_TRUE(others.at("deeds").as_array().empty());
}

TEST(AccountChat, HearsWhatHelixSays) {
    Stage stage(strict());
    stage.run(with_api(stage, speak_by_helix(stage)));
}

asio::awaitable<void> say_too_much(Stage& stage) {
    const auto client = co_await TestClient::log_in(*stage.server, "bot");
    for (int i = 0; i < 22; ++i) {
        co_await client->socket->write("PRIVMSG #room" + std::to_string(i) + " :x\r\n");
    }
    co_await client->line_with("USERSTATE #room19");
    co_await client->socket->write("PING :end\r\n");
    const auto line = co_await client->line();
    EXPECT_NE(line.find("PONG"), std::string::npos) << "not a word about the last two: " << line;
}

TEST(AccountChat, LogsEachDeedAndWhatBecameOfIt) {
    const TempFolder folder;
    ChatServer::Options options;
    options.deed_log = folder.file("deeds.jsonl");
    Stage stage(std::move(options));
    stage.run(say_too_much(stage));
    std::ifstream file(folder.file("deeds.jsonl"));
    std::size_t done = 0;
    std::size_t silenced = 0;
    for (std::string line; std::getline(file, line);) {
        const auto deed = json::parse(line);
        done += deed.at("outcome") == "done" ? 1u : 0u;
        silenced += deed.at("outcome") == "silenced" ? 1u : 0u;
        EXPECT_EQ(deed.at("account"), json::value("bot"));
    }
    EXPECT_EQ(done, 20u);
    EXPECT_EQ(silenced, 2u);
}

TEST(AccountChat, SaysThatItCannotLogDeeds) {
    asio::io_context io{1};
    coven::testing::MovedClock clock;
    ChatServer::Options options;
    options.deed_log = "/dev/null/x";
    const auto server = ChatServer::listen(io, clock, options);
    ASSERT_TRUE(server.has_error());
    EXPECT_EQ(server.error().message, "cannot write the log of deeds '/dev/null/x'");
}

asio::awaitable<void> send_nonsense(Stage& stage) {
    const auto client = co_await TestClient::log_in(*stage.server, "bot");
    for (const char* line : {"PRIVMSG", "PRIVMSG #", "PRIVMSG #x", "PRIVMSG #x :", "PRIVMSG x :y",
                             "PRIVMSG #x,#y :z", "@ PRIVMSG", "PRIVMSG :#x", "JOIN", "JOIN #,#,,#",
                             "PRIVMSG #xqc :\x01", "PART", "NICK", "PASS"}) {
        co_await client->socket->write(std::string(line) + "\r\n");
    }
    co_await client->socket->write("PING :alive\r\n");
    co_await client->line_with("PONG tmi.twitch.tv :alive");
}

TEST(AccountChat, OutlivesNonsense) {
    Stage stage({});
    stage.run(send_nonsense(stage));
}

}  // namespace
}  // namespace coven::sim
