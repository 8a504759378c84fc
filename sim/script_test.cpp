#include "script.hpp"

#include <gtest/gtest.h>

#include "stage_for_test.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

TEST(Script, IsPausesAndVerbs) {
    const auto steps = parse_script(
        "# a comment\n"
        "\n"
        "0s wait forsen\n"
        "500ms say forsen somebody hello  there\r\n"
        "20lines cut #forsen\n"
        "every 1m x3 reconnect\n"
        "every 500lines cut",
        '\n');
    ASSERT_TRUE(steps.has_value()) << steps.error().message;
    ASSERT_EQ(steps->size(), 5u);
    EXPECT_EQ((*steps)[0].command.channel, "forsen");
    EXPECT_TRUE((*steps)[0].command.waits());
    EXPECT_EQ((*steps)[1].pause, 500ms);
    EXPECT_EQ((*steps)[1].command.text, "hello  there");
    EXPECT_EQ((*steps)[2].lines, 20u);
    EXPECT_FALSE((*steps)[2].repeats);
    EXPECT_EQ((*steps)[3].pause, 1min);
    EXPECT_EQ((*steps)[3].times, 3u);
    EXPECT_TRUE((*steps)[3].repeats);
    EXPECT_EQ((*steps)[4].lines, 500u);
    EXPECT_EQ((*steps)[4].times, 0u);
}

TEST(Script, FitsIntoOneLine) {
    const auto steps = parse_script("1s cut; every 2s reconnect;", ';');
    ASSERT_TRUE(steps.has_value()) << steps.error().message;
    EXPECT_EQ(steps->size(), 2u);
    EXPECT_TRUE(parse_script("", ';')->empty());
}

TEST(Script, SaysInWhichLineWhatIsWrong) {
    struct Row {
        const char* text;
        const char* message;
    };
    for (const auto& row :
         {Row{"0s cut\n0s sya a b c", "line 2 of the script: no such verb: 'sya'"},
          Row{"0s say", "line 1 of the script: 'say' needs a channel"},
          Row{"0lines cut", "line 1 of the script: is no number of lines: '0lines'"},
          Row{"every 0s cut", "line 1 of the script: 'every' needs a pause above 0"},
          Row{"every 1s x0 cut", "line 1 of the script: 'x' needs a number above 0"},
          Row{"every 1s wait x", "line 1 of the script: 'wait' cannot repeat"}}) {
        const auto steps = parse_script(row.text, '\n');
        ASSERT_TRUE(steps.has_error()) << row.text;
        EXPECT_EQ(steps.error().message, row.message);
    }
    const auto steps = parse_script("soon cut", ';');
    ASSERT_TRUE(steps.has_error());
    EXPECT_TRUE(steps.error().message.starts_with("step 1 of the script: "));
}

asio::awaitable<void> say_lines(ChatServer& server, int first, int last) {
    for (int i = first; i <= last; ++i) server.say("xqc", "somebody", std::to_string(i));
    co_await server.until_sent(0);
}

asio::awaitable<void> play_by_lines(Twitch twitch) {
    auto& server = twitch.chat;
    const auto client = co_await TestClient::join(server, "xqc");
    const auto steps = parse_script("every 3lines x2 raw :tmi.twitch.tv NOTICE #xqc :now", '\n');
    co_await play_script(twitch, *steps);
    co_await server.until_sent(0);
    EXPECT_EQ(server.lines_until_stop(), 3u);
    co_await say_lines(server, 1, 3);
    co_await client->line_with("NOTICE #xqc :now");
    EXPECT_EQ(server.tally().said, 4u);
}

TEST(Script, CountsLines) {
    Stage stage({});
    stage.run(play_by_lines(stage.twitch()));
}

asio::awaitable<void> play_by_time(Twitch twitch, coven::testing::MovedClock& clock) {
    auto& server = twitch.chat;
    const auto client = co_await TestClient::join(server, "xqc");
    const auto steps = parse_script("every 5s x2 reconnect", '\n');
    co_await play_script(twitch, *steps);
    for (int i = 0; i < 2; ++i) {
        co_await server.until_sent(0);
        clock.jump(5s);
        co_await client->line_with("RECONNECT");
    }
    EXPECT_EQ(server.faults().at("reconnect"), 2u);
}

TEST(Script, RepeatsBesideWhatFollows) {
    Stage stage({});
    stage.run(play_by_time(stage.twitch(), stage.clock));
}

}  // namespace
}  // namespace coven::sim
