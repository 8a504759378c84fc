// What a ChatServer does on demand, seen by a real client.

#include <fstream>

#include <gtest/gtest.h>

#include "certificates.hpp"
#include "coven/temp_folder.hpp"
#include "garbage.hpp"
#include "sources.hpp"
#include "stage_for_test.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

using asio::experimental::awaitable_operators::operator||;

/// Why the client's connection is of no use any more.
asio::awaitable<std::string> end_of(TestClient& client) {
    std::string why;
    try {
        for (;;) co_await client.line();
    } catch (const LinkLost& lost) {
        why = lost.what();
    }
    co_return why;
}

asio::awaitable<void> be_reset(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    server.each(Target(), [](Connection& connection) { connection.reset(); });
    const auto why = co_await end_of(*client);
    EXPECT_NE(why.find("Connection reset by peer"), std::string::npos) << why;
    co_await server.until_connected(0);
}

asio::awaitable<void> write_to(TestClient& client, std::string& why) {
    try {
        for (;;) co_await client.socket->write("PING\r\n");
    } catch (const LinkLost& lost) {
        why = lost.what();
    }
}

asio::awaitable<void> be_reset_while_writing(ChatServer& server) {
    using asio::experimental::awaitable_operators::operator&&;
    const auto client = co_await TestClient::join(server, "xqc");
    server.each(Target(), [](Connection& connection) { connection.reset(); });
    std::string why;
    const auto reader = co_await (end_of(*client) && write_to(*client, why));
    for (const auto& text : {why, reader}) EXPECT_TRUE(text.starts_with("the other side ")) << text;
}

TEST(Faults, AreNamedInBothDirections) {
    Stage stage({});
    stage.run(be_reset_while_writing(*stage.server));
}

TEST(Faults, ResetAConnection) {
    Stage stage({});
    stage.run(be_reset(*stage.server));
}

asio::awaitable<void> be_half_open(ChatServer& server, coven::testing::MovedClock& clock) {
    const auto client = co_await TestClient::join(server, "xqc");
    const auto other = co_await TestClient::join(server, "forsen");
    const Target room{.channel = "xqc", .connection = 0};
    EXPECT_EQ(server.each(room, [](Connection& connection) { connection.half_open(); }), 1u);
    EXPECT_EQ(server.say("xqc", "somebody", "unheard"), 1u);
    const auto received = server.tally().received;
    co_await client->socket->write("PING :unanswered\r\n");
    // Whatever the first one wrote would be read before this.
    co_await other->socket->write("PING :answered\r\n");
    co_await other->line_with("PONG");
    EXPECT_EQ(server.tally().received, received + 1);
    clock.jump(9min);
    EXPECT_EQ(server.connection_numbers().size(), 2u);
    clock.jump(2min);
    co_await server.until_connected(1);
}

TEST(Faults, KeepAHalfOpenConnectionAndServeItNoMore) {
    ChatServer::Options options;
    options.patience.ping_every = 1h;
    Stage stage(std::move(options));
    stage.run(be_half_open(*stage.server, stage.clock));
}

asio::awaitable<void> get_half_a_frame(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    server.each(Target(), [](Connection& connection) { connection.stop_half_way(); });
    server.say("xqc", "somebody", "unheard");
    server.say("xqc", "somebody", "unheard, too");
    const std::function<bool()> stops = [&server] {
        bool half_open = false;
        server.each(Target(), [&](Connection& one) { half_open = one.is_half_open(); });
        return half_open;
    };
    while (!stops()) co_await server.until_sent(0);
    server.cut_all();
    const auto why = co_await end_of(*client);
    EXPECT_FALSE(why.empty());
}

TEST(Faults, StopHalfWayThroughAFrame) {
    Stage stage({});
    stage.run(get_half_a_frame(*stage.server));
}

asio::awaitable<void> be_mute(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    server.set_voice(Target(), Voice::mute);
    server.say("xqc", "somebody", "unheard");
    co_await client->socket->write("PING :x\r\n");
    auto line = co_await client->line();
    EXPECT_EQ(line, ":tmi.twitch.tv PONG tmi.twitch.tv :x");
    const auto late = co_await TestClient::join(server, "xqc");
    server.say("xqc", "somebody", "unheard");
    server.set_voice(Target(), Voice::speaking);
    server.say("xqc", "somebody", "heard");
    line = co_await late->line();
    EXPECT_TRUE(line.ends_with(":heard")) << line;
}

TEST(Faults, MuteKeepsAnswering) {
    Stage stage({});
    stage.run(be_mute(*stage.server));
}

/// Says three lines with other than ASCII letters, and expects them.
asio::awaitable<void> hear_three(ChatServer& server, Delivery delivery) {
    const auto client = co_await TestClient::join(server, "xqc");
    const auto frames = client->frames;
    server.set_delivery(Target(), delivery);
    for (const char* text : {"one ø", "two 💜💜💜", "three 日本語"}) {
        server.say("xqc", "somebody", text);
        const auto line = co_await client->line();
        EXPECT_TRUE(line.ends_with(text)) << line;
    }
    // Split, each line is many messages; a message in fragments is one.
    const bool is_split = delivery.kind == Delivery::Kind::split;
    EXPECT_EQ(client->frames - frames > 30, is_split) << client->frames - frames;
}

TEST(Faults, SplitLinesOverMessages) {
    Stage stage({});
    const Delivery split{.kind = Delivery::Kind::split, .size = 7};
    stage.run(hear_three(*stage.server, split));
}

TEST(Faults, SendMessagesInFragments) {
    Stage stage({});
    const Delivery fragments{.kind = Delivery::Kind::fragments, .size = 1};
    stage.run(hear_three(*stage.server, fragments));
}

asio::awaitable<void> hear_packed(ChatServer& server, coven::testing::MovedClock& clock) {
    const auto client = co_await TestClient::join(server, "xqc");
    const auto frames = client->frames;
    const Delivery packed{.kind = Delivery::Kind::packed, .size = 50};
    server.set_delivery(Target(), packed);
    for (int i = 1; i <= 51; ++i) server.say("xqc", "somebody", "line " + std::to_string(i));
    co_await client->line_with("line 50");
    EXPECT_EQ(client->frames - frames, 1u);
    clock.jump(1s);
    co_await client->line_with("line 51");
    EXPECT_EQ(client->frames - frames, 2u);
}

TEST(Faults, PackManyLinesIntoOneMessage) {
    Stage stage({});
    stage.run(hear_packed(*stage.server, stage.clock));
}

asio::awaitable<void> be_shut_out(ChatServer& server, coven::testing::MovedClock& clock) {
    const auto client = co_await TestClient::join(server, "xqc");
    const auto url = server.url();
    server.shut(5s);
    std::string why;
    try {
        co_await TestClient::connect(server.clock(), url);
    } catch (const LinkLost& lost) {
        why = lost.what();
    }
    EXPECT_NE(why.find("Connection refused"), std::string::npos) << why;
    server.say("xqc", "somebody", "still here");
    co_await client->line_with("still here");
    clock.jump(5s);
    EXPECT_EQ(server.url(), url);
    // It opens when its coroutine has its turn.
    for (bool open = false; !open;) {
        try {
            co_await TestClient::connect(server.clock(), url);
            open = true;
        } catch (const LinkLost&) {
            why = "not yet";
        }
    }
}

TEST(Faults, RefuseConnectionsForATime) {
    Stage stage({});
    stage.run(be_shut_out(*stage.server, stage.clock));
}

asio::awaitable<void> shake_hands(std::string url, std::string ca_file, bool& connected) {
    SystemClock clock;
    WebSocket::Options options;
    options.ca_file = std::move(ca_file);
    const auto socket = co_await WebSocket::connect(clock, std::move(url), options);
    connected = true;
}

TEST(Faults, DribbleATlsHandshake) {
    const TempFolder folder;
    const auto authority = CertificateAuthority::make().value();
    std::ofstream(folder.file("ca.pem")) << authority.certificate();
    ChatServer::Options options;
    options.tls = authority.issue({"127.0.0.1"}).value();
    asio::io_context io{1};
    SystemClock clock;
    const auto server = ChatServer::listen(io, clock, std::move(options)).value();
    const Dribble dribble{.pause = 10ms, .bytes = 50};
    server->set_handshake_dribble(dribble);
    bool connected = false;
    const auto begun = clock.instant();
    auto test = shake_hands(server->tls_url("127.0.0.1"), folder.file("ca.pem"), connected);
    asio::co_spawn(io, server->run() || std::move(test),
                   [](const std::exception_ptr& failure, const auto&) {
                       if (failure) std::rethrow_exception(failure);
                   });
    io.run_for(stage_limit);
    EXPECT_TRUE(connected);
    // A certificate alone is longer than ten pieces.
    EXPECT_GT(clock.instant() - begun, 100ms);
}

void send_garbage(ChatServer& server, const char* kind) {
    for (const auto& one : garbage(kind)) {
        server.each(Target(),
                    [&one](Connection& connection) { connection.send_frame(one.bytes, one.kind); });
    }
}

asio::awaitable<void> read_garbage(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    send_garbage(server, "binary");
    send_garbage(server, "overlong");
    send_garbage(server, "lines");
    server.say("xqc", "somebody", "whole");
    co_await client->line_with(":whole");
    send_garbage(server, "utf8");
    const auto why = co_await end_of(*client);
    EXPECT_FALSE(why.empty());
}

TEST(Faults, SendGarbage) {
    Stage stage({});
    stage.run(read_garbage(*stage.server));
}

asio::awaitable<void> speak_to_nobody(ChatServer& server) {
    server.say("xqc", "somebody", "into the void");
    co_return;
}

TEST(Faults, LogWhatNobodyHeard) {
    const TempFolder folder;
    ChatServer::Options options;
    options.said_log = folder.file("said.jsonl");
    {
        Stage stage(std::move(options));
        stage.run(speak_to_nobody(*stage.server));
    }
    const auto lines = read_lines(folder.file("said.jsonl")).value();
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_TRUE(lines[0].starts_with(R"({"connection":0,"login":"","time_us":1767225600000000,)"));
    EXPECT_TRUE(lines[0].ends_with(R"(PRIVMSG #xqc :into the void"})")) << lines[0];
}

}  // namespace
}  // namespace coven::sim
