#include "chat_server.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "sources.hpp"
#include "stage_for_test.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

using asio::experimental::awaitable_operators::operator||;

asio::awaitable<void> read_what_is_said(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    EXPECT_EQ(server.say("xqc", "somebody", "hello"), 1u);
    EXPECT_EQ(server.say("forsen", "somebody", "hello"), 0u);
    const auto line = co_await client->line();
    EXPECT_TRUE(line.ends_with(" :somebody!somebody@somebody.tmi.twitch.tv PRIVMSG #xqc :hello"))
        << line;
    EXPECT_EQ(server.tally().said, 1u);
}

TEST(ChatServer, IsHeardInTheChannelsThatWereJoined) {
    Stage stage({});
    stage.run(read_what_is_said(*stage.server));
}

asio::awaitable<void> talk(ChatServer& server) {
    const auto speaker = co_await TestClient::log_in(server, "speaker");
    const auto reader = co_await TestClient::join(server, "xqc");
    co_await speaker->socket->write("JOIN #xqc\r\n");
    co_await speaker->line_with("ROOMSTATE");
    co_await speaker->socket->write("PRIVMSG #xqc :hello\r\n");
    const auto state = co_await speaker->line();
    EXPECT_NE(state.find("USERSTATE #xqc"), std::string::npos);
    const auto line = co_await reader->line();
    EXPECT_TRUE(line.ends_with("PRIVMSG #xqc :hello")) << line;
    EXPECT_EQ(server.received().back().line, "PRIVMSG #xqc :hello");
}

TEST(ChatServer, CarriesMessagesFromClientToClient) {
    Stage stage({});
    stage.run(talk(*stage.server));
}

asio::awaitable<void> be_refused(ChatServer& server) {
    const auto client = co_await TestClient::connect(server.clock(), server.url());
    co_await client->socket->write("PASS nonsense\r\nNICK bot\r\n");
    const auto line = co_await client->line();
    EXPECT_EQ(line, ":tmi.twitch.tv NOTICE * :Improperly formatted auth");
    // Only who reads on answers the goodbye.
    co_await (client->line() || server.until_connected(0));
}

TEST(ChatServer, HangsUpAfterItsLastWord) {
    Stage stage({});
    stage.run(be_refused(*stage.server));
}

asio::awaitable<void> answer_pings(ChatServer& server, coven::testing::MovedClock& clock) {
    const auto client = co_await TestClient::log_in(server, "justinfan1");
    clock.jump(5min);
    const auto line = co_await client->line();
    EXPECT_EQ(line, "PING :tmi.twitch.tv");
    co_await client->socket->write("PONG :tmi.twitch.tv\r\n");
    co_await server.until_received("PONG");
    clock.jump(61s);
    EXPECT_EQ(server.connection_numbers().size(), 1u);
    clock.jump(4min);
    co_await client->line_with("PING");
    clock.jump(61s);
    co_await server.until_connected(0);
    EXPECT_EQ(server.tally().cut, 1u);
}

TEST(ChatServer, PingsAndCutsWhoDoesNotAnswer) {
    Stage stage({});
    stage.run(answer_pings(*stage.server, stage.clock));
}

asio::awaitable<void> never_log_in(ChatServer& server, coven::testing::MovedClock& clock) {
    const auto client = co_await TestClient::connect(server.clock(), server.url());
    co_await server.until_connected(1);
    clock.jump(61s);
    co_await server.until_connected(0);
}

TEST(ChatServer, CutsWhoDoesNotLogIn) {
    Stage stage({});
    stage.run(never_log_in(*stage.server, stage.clock));
}

asio::awaitable<void> be_told_to_reconnect(ChatServer& server, coven::testing::MovedClock& clock) {
    const auto client = co_await TestClient::join(server, "xqc");
    server.reconnect();
    const auto line = co_await client->line();
    EXPECT_EQ(line, ":tmi.twitch.tv RECONNECT");
    server.say("xqc", "somebody", "still here");
    co_await client->line_with("still here");
    clock.jump(11s);
    co_await (client->line() || server.until_connected(0));
}

TEST(ChatServer, HangsUpSomeTimeAfterAReconnect) {
    Stage stage({});
    stage.run(be_told_to_reconnect(*stage.server, stage.clock));
}

asio::awaitable<void> read_frames(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    const auto frames_before = client->frames;
    for (int i = 1; i <= 25; ++i) server.say("xqc", "somebody", "line " + std::to_string(i));
    co_await client->line_with("line 25");
    EXPECT_EQ(client->frames - frames_before, 3u);
    server.send_frame(":tmi.twitch.tv NOTICE #xqc :one\r\n:tmi.twitch.tv NOT");
    server.send_frame("ICE #xqc :two\r\n");
    auto line = co_await client->line();
    EXPECT_EQ(line, ":tmi.twitch.tv NOTICE #xqc :one");
    line = co_await client->line();
    EXPECT_EQ(line, ":tmi.twitch.tv NOTICE #xqc :two");
}

TEST(ChatServer, PacksLinesIntoFramesAndSplitsThemOnDemand) {
    ChatServer::Options options;
    options.outbox.lines_per_frame = 10;
    Stage stage(std::move(options));
    stage.run(read_frames(*stage.server));
}

asio::awaitable<void> do_not_read(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    const std::string text(400, 'x');
    for (int i = 0; i < 50; ++i) server.say("xqc", "somebody", text);
    co_await server.until_connected(0);
    EXPECT_EQ(server.tally().cut, 1u);
}

TEST(ChatServer, CutsWhoDoesNotRead) {
    ChatServer::Options options;
    options.outbox.bytes = 10'000;
    Stage stage(std::move(options));
    stage.run(do_not_read(*stage.server));
}

asio::awaitable<void> hear_silence(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    server.fall_silent();
    server.say("xqc", "somebody", "unheard");
    co_await client->socket->write("PING :unanswered\r\n");
    co_await server.until_received("PING :unanswered");
    server.speak_again();
    server.say("xqc", "somebody", "heard");
    const auto line = co_await client->line();
    EXPECT_TRUE(line.ends_with(":heard")) << line;
}

TEST(ChatServer, CanFallSilent) {
    Stage stage({});
    stage.run(hear_silence(*stage.server));
}

asio::awaitable<void> be_suspended(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    server.suspend("xqc");
    co_await client->line_with("msg-id=msg_channel_suspended");
    const auto line = co_await client->line();
    EXPECT_TRUE(line.ends_with(" PART #xqc")) << line;
    EXPECT_EQ(server.audience("xqc"), 0u);
    co_await client->socket->write("JOIN #xqc\r\n");
    co_await client->line_with("msg-id=msg_channel_suspended");
    server.restore("xqc");
    co_await client->socket->write("JOIN #xqc\r\n");
    co_await client->line_with("ROOMSTATE #xqc");
}

TEST(ChatServer, SuspendsAChannel) {
    Stage stage({});
    stage.run(be_suspended(*stage.server));
}

asio::awaitable<void> be_cut(ChatServer& server) {
    const auto first = co_await TestClient::log_in(server, "justinfan1");
    const auto second = co_await TestClient::log_in(server, "justinfan2");
    server.cut(server.connection_numbers().front());
    co_await server.until_connected(1);
    EXPECT_EQ(server.connection_numbers(), std::vector<std::uint64_t>{2});
    server.cut_all();
    co_await server.until_connected(0);
}

TEST(ChatServer, CutsOneConnectionOrAll) {
    Stage stage({});
    stage.run(be_cut(*stage.server));
}

asio::awaitable<void> send_raw_lines(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    EXPECT_EQ(server.send_raw(":tmi.twitch.tv NOTICE #forsen :elsewhere"), 0u);
    EXPECT_EQ(server.send_raw(":tmi.twitch.tv CLEARCHAT #xqc"), 1u);
    EXPECT_EQ(server.send_raw(":tmi.twitch.tv 421 x y :to all"), 1u);
    auto line = co_await client->line();
    EXPECT_EQ(line, ":tmi.twitch.tv CLEARCHAT #xqc");
    line = co_await client->line();
    EXPECT_EQ(line, ":tmi.twitch.tv 421 x y :to all");
    co_await server.until_sent(0);
}

TEST(ChatServer, LogsEveryLineThatItSends) {
    const TempFolder folder;
    ChatServer::Options options;
    options.sent_log = folder.file("sent.jsonl");
    {
        Stage stage(std::move(options));
        stage.run(send_raw_lines(*stage.server));
    }
    const auto lines = read_lines(folder.file("sent.jsonl")).value();
    ASSERT_GE(lines.size(), 2u);
    EXPECT_EQ(lines[lines.size() - 2],
              R"({"connection":1,"login":"justinfan1","time_us":1767225600000000,)"
              R"("line":":tmi.twitch.tv CLEARCHAT #xqc"})");
}

asio::awaitable<void> stay(ChatServer& server) {
    for (int i = 0; i < 20; ++i) {
        auto client = co_await TestClient::join(server, "xqc");
        client.reset();
    }
    const auto one = co_await TestClient::join(server, "xqc");
    const auto other = co_await TestClient::log_in(server, "justinfan2");
    co_await server.until_connected(2);
}

TEST(ChatServer, EndsWhileClientsAreThere) {
    ChatServer::Options options;
    options.rules.joins = 1000;
    Stage stage(std::move(options));
    stage.run(stay(*stage.server));
    EXPECT_TRUE(stage.server->connection_numbers().empty());
}

TEST(ChatServer, SaysWhyItCannotStart) {
    asio::io_context io{1};
    coven::testing::MovedClock clock;
    const auto first = ChatServer::listen(io, clock, {}).value();
    ChatServer::Options options;
    const auto url = first->url();
    options.port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    auto second = ChatServer::listen(io, clock, options);
    ASSERT_TRUE(second.has_error());
    EXPECT_NE(second.error().message.find("cannot listen on '127.0.0.1:"), std::string::npos);

    options.port = 0;
    options.bind = "somewhere";
    EXPECT_TRUE(ChatServer::listen(io, clock, options).has_error());

    options.bind = "127.0.0.1";
    options.tls = Credentials{.certificate = "nonsense", .key = "nonsense"};
    EXPECT_TRUE(ChatServer::listen(io, clock, options).has_error());

    options.tls.reset();
    options.sent_log = "/dev/null/x";
    second = ChatServer::listen(io, clock, options);
    ASSERT_TRUE(second.has_error());
    EXPECT_EQ(second.error().message, "cannot write the log of sent lines '/dev/null/x'");
}

}  // namespace
}  // namespace coven::sim
