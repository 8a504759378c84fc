#include "sources.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "coven/temp_folder.hpp"
#include "script.hpp"
#include "stage_for_test.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

/// Says nothing, but counts.
class Counter final : public LineSource {
  public:
    bool has_audience() override { return true; }
    Said say_next() override { return ++said > most ? Said::nothing_left : Said::heard; }

    std::uint64_t said = 0;
    std::uint64_t most = 1'000'000;
};

/// How many lines come within ten seconds.
std::uint64_t said_in_ten_seconds(double per_second) {
    asio::io_context io{1};
    coven::testing::MovedClock clock;
    const auto server = ChatServer::listen(io, clock, {}).value();
    Counter counter;
    const Flow wanted{.per_second = per_second, .lines = 0, .wait_for_channels = 0};
    asio::co_spawn(io, play(*server, counter, wanted), [](const std::exception_ptr&) {});
    io.poll();
    clock.advance(io, 10s);
    return counter.said;
}

TEST(Flow, KeepsItsRate) {
    EXPECT_EQ(said_in_ten_seconds(1), 10u);
    EXPECT_EQ(said_in_ten_seconds(50), 500u);
    EXPECT_EQ(said_in_ten_seconds(20'000), 200'000u);
}

asio::awaitable<void> play_without_a_rate(ChatServer& server, LineSource& source) {
    const Flow wanted{.per_second = 0, .lines = 10'000, .wait_for_channels = 0};
    co_await play(server, source, wanted);
}

TEST(Flow, EndsAfterTheWantedLines) {
    Stage stage({});
    Counter counter;
    stage.run(play_without_a_rate(*stage.server, counter));
    EXPECT_EQ(counter.said, 10'000u);
}

TEST(Flow, EndsWhenNothingIsLeft) {
    Stage stage({});
    Counter counter;
    counter.most = 5;
    stage.run(play_without_a_rate(*stage.server, counter));
    EXPECT_EQ(counter.said, 6u);
}

asio::awaitable<void> read_generated(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "b");
    GeneratedLines lines(server, Generator({"a", "b"}, {}), GeneratedLines::Where::joined);
    const Flow wanted{.per_second = 0, .lines = 1000, .wait_for_channels = 1};
    co_await play(server, lines, wanted);
    EXPECT_EQ(server.tally().said, 1000u);
    for (int i = 0; i < 1000; ++i) {
        const auto line = co_await client->line();
        EXPECT_NE(line.find(" PRIVMSG #b :"), std::string::npos) << line;
    }
}

TEST(GeneratedLines, GoWhereSomebodyListens) {
    Stage stage({});
    stage.run(read_generated(*stage.server));
}

asio::awaitable<void> play_everywhere(ChatServer& server) {
    GeneratedLines lines(server, Generator({"a", "b"}, {}), GeneratedLines::Where::everywhere);
    const Flow wanted{.per_second = 0, .lines = 100, .wait_for_channels = 0};
    co_await play(server, lines, wanted);
    EXPECT_EQ(server.tally().said, 0u);
}

TEST(GeneratedLines, MayGoWhereNobodyListens) {
    Stage stage({});
    stage.run(play_everywhere(*stage.server));
}

asio::awaitable<void> read_recorded(ChatServer& server, RecordedLines::Repeat repeat,
                                    std::string& heard) {
    const auto client = co_await TestClient::join(server, "a");
    const std::vector<std::string> recorded{":x PRIVMSG #a :1", ":x PRIVMSG #b :2",
                                            ":x PRIVMSG #a :3"};
    RecordedLines lines(server, recorded, repeat);
    const Flow wanted{.per_second = 0, .lines = 5, .wait_for_channels = 1};
    co_await play(server, lines, wanted);
    const auto said = server.tally().said;
    for (std::uint64_t i = 0; i < said; ++i) {
        const auto line = co_await client->line();
        heard += line.back();
    }
}

TEST(RecordedLines, AreHeardInTheirRoomsOnceOrForEver) {
    Stage once({});
    std::string heard;
    once.run(read_recorded(*once.server, RecordedLines::Repeat::once, heard));
    EXPECT_EQ(heard, "13");
    Stage for_ever({});
    heard.clear();
    for_ever.run(read_recorded(*for_ever.server, RecordedLines::Repeat::for_ever, heard));
    EXPECT_EQ(heard, "13131");
}

TEST(RecordedLines, AreReadFromAFile) {
    const TempFolder folder;
    std::ofstream(folder.file("lines")) << "a\r\n\nb\n";
    EXPECT_EQ(read_lines(folder.file("lines")).value(), (std::vector<std::string>{"a", "b"}));
    const auto none = read_lines(folder.file("none"));
    ASSERT_TRUE(none.has_error());
    EXPECT_EQ(none.error().message, "cannot read '" + folder.file("none") + "'");
}

asio::awaitable<void> listen_to_script(ChatServer& server) {
    const auto client = co_await TestClient::join(server, "xqc");
    for (const char* part : {":one", ":\1ACTION two\1", "CLEARCHAT #xqc", ":in a frame",
                             "msg_channel_suspended", "PART #xqc", "RECONNECT"}) {
        co_await client->line_with(part);
    }
    server.cut_all();
}

asio::awaitable<void> play_and_listen(Twitch twitch, std::vector<Step> steps) {
    using asio::experimental::awaitable_operators::operator&&;
    co_await (play_script(twitch, std::move(steps)) && listen_to_script(twitch.chat));
    co_await twitch.chat.until_connected(0);
}

TEST(Script, IsPlayed) {
    auto steps = parse_script(
        "0s wait xqc\n0s say xqc who one\n0s action xqc who two\n"
        "0s raw :tmi.twitch.tv CLEARCHAT #xqc\n0s frame :x PRIVMSG #xqc :in a frame\\r\\n\n"
        "0s silence\n0s say xqc who unheard\n0s speak\n0s suspend xqc\n0s restore xqc\n"
        "0s reconnect\n",
        '\n');
    Stage stage({});
    stage.run(play_and_listen(stage.twitch(), std::move(steps.value())));
}

asio::awaitable<void> be_cut_by_script(Twitch twitch) {
    const auto client = co_await TestClient::join(twitch.chat, "xqc");
    const auto steps = parse_script("0s cut", '\n').value();
    co_await play_script(twitch, steps);
    co_await twitch.chat.until_connected(0);
}

TEST(Script, CutsConnections) {
    Stage stage({});
    stage.run(be_cut_by_script(stage.twitch()));
}

}  // namespace
}  // namespace coven::sim
