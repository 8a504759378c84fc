#include "roster.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::JoinLimiter;
using chat::Roster;
using State = Roster::State;
using Names = std::vector<std::string>;

constexpr coven::Instant start{1h};

class RosterOfThree : public testing::Test {
  protected:
    JoinLimiter limiter_{{.joins = 2, .window = 12s}};
    Roster roster_{{"c", "a", "b"}, {.answer = 15s, .retry = 5min}, limiter_};
};

TEST_F(RosterOfThree, JoinsInTheGivenOrderAsTheLimiterAllows) {
    EXPECT_EQ(roster_.deadline(start), start);
    EXPECT_EQ(roster_.advance(start), (Names{"c", "a"}));
    EXPECT_EQ(roster_.find("c")->state, State::joining);
    EXPECT_EQ(roster_.find("b")->state, State::queued);
    EXPECT_EQ(roster_.deadline(start), start + 12s);
    EXPECT_EQ(roster_.advance(start + 11s), Names{});
    EXPECT_EQ(roster_.advance(start + 12s), Names{"b"});
}

TEST_F(RosterOfThree, TellsTheQueuePositionAndTheTimeLeft) {
    EXPECT_EQ(roster_.position("c"), 0u);
    EXPECT_EQ(roster_.position("b"), 2u);
    EXPECT_EQ(roster_.time_left(start), 12s);
    roster_.advance(start);
    EXPECT_EQ(roster_.position("b"), 0u);
    EXPECT_EQ(roster_.time_left(start + 2s), 10s);
    roster_.advance(start + 12s);
    EXPECT_EQ(roster_.time_left(start + 12s), 0s);
}

TEST_F(RosterOfThree, RefusesWhoIsNotAnsweredInTime) {
    roster_.advance(start);
    EXPECT_TRUE(roster_.join("c"));
    roster_.advance(start + 15s);
    EXPECT_EQ(roster_.find("c")->state, State::joined);
    EXPECT_EQ(roster_.find("a")->state, State::refused);
    EXPECT_EQ(roster_.find("a")->reason, "no answer: no such channel, or Twitch's limit");
}

TEST_F(RosterOfThree, TriesARefusedRoomAgainLater) {
    roster_.advance(start);
    EXPECT_TRUE(roster_.refuse("a", "suspended", start));
    EXPECT_FALSE(roster_.refuse("a", "again", start));
    roster_.join("c");
    EXPECT_EQ(roster_.advance(start + 12s), Names{"b"});
    roster_.join("b");
    EXPECT_EQ(roster_.deadline(start + 12s), start + 5min);
    EXPECT_EQ(roster_.advance(start + 5min - 1s), Names{});
    EXPECT_EQ(roster_.advance(start + 5min), Names{"a"});
    EXPECT_TRUE(roster_.join("a"));
    EXPECT_EQ(roster_.find("a")->reason, "");
    EXPECT_EQ(roster_.deadline(start + 5min), coven::Instant::max());
}

TEST_F(RosterOfThree, IsSettledWhenEachRoomHadAnAnswer) {
    roster_.advance(start);
    roster_.join("c");
    roster_.refuse("a", "banned", start);
    EXPECT_FALSE(roster_.settled());
    roster_.advance(start + 12s);
    roster_.join("b");
    EXPECT_TRUE(roster_.settled());
    // A room that is tried again does not unsettle the roster.
    roster_.advance(start + 6min);
    EXPECT_EQ(roster_.find("a")->state, State::joining);
    EXPECT_TRUE(roster_.settled());
    EXPECT_EQ(roster_.count(State::joined), 2u);
}

TEST_F(RosterOfThree, TakesNoNoticeOfForeignRooms) {
    EXPECT_FALSE(roster_.join("z"));
    EXPECT_FALSE(roster_.refuse("z", "x", start));
    EXPECT_EQ(roster_.find("z"), nullptr);
    EXPECT_TRUE(roster_.join("a"));
    EXPECT_FALSE(roster_.join("a"));
}

TEST_F(RosterOfThree, LeavesTheQueueWithAnAnswerThatComesEarly) {
    roster_.join("c");
    roster_.refuse("a", "suspended", start);
    EXPECT_EQ(roster_.advance(start), Names{"b"});
}

TEST(Roster, PacesHundredsOfRooms) {
    JoinLimiter limiter({.joins = 18, .window = 12s});
    Names many;
    for (int i = 0; i < 300; ++i) many.push_back("channel_" + std::to_string(i));
    Roster roster(many, {}, limiter);
    auto now = start;
    std::size_t joined = 0;
    while (joined < many.size()) {
        for (const auto& channel : roster.advance(now)) joined += roster.join(channel) ? 1u : 0u;
        if (joined < many.size()) now = roster.deadline(now);
    }
    EXPECT_EQ(now - start, 192s);
}

TEST(Roster, WithoutRoomsIsSettledAndNeverDue) {
    JoinLimiter limiter({});
    Roster roster({}, {}, limiter);
    EXPECT_TRUE(roster.settled());
    EXPECT_EQ(roster.deadline(start), coven::Instant::max());
}

}  // namespace
