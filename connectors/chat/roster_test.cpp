#include "roster.hpp"

#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::JoinQueue;
using chat::Roster;
using State = Roster::State;
using Names = std::vector<std::string>;

constexpr coven::Instant start{1h};

class RosterOfThree : public testing::Test {
  protected:
    RosterOfThree() {
        for (const char* channel : {"c", "a", "b"}) roster_.want(channel, JoinQueue::Turn::last);
    }
    /// "c b": who waits in the line.
    std::string line() {
        std::string text;
        for (const auto channel : queue_.line()) text += std::string(channel) + " ";
        return text.substr(0, text.size() - (text.empty() ? 0u : 1u));
    }

    JoinQueue queue_{{.joins = 2, .window = 12s}};
    Roster roster_{{.answer = 15s, .retry = 5min}, queue_};
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

TEST_F(RosterOfThree, WaitsInTheLineOnceThereIsAConnection) {
    EXPECT_EQ(line(), "");
    EXPECT_EQ(roster_.deadline(start), start);
    roster_.advance(start);
    EXPECT_EQ(line(), "b");
    EXPECT_EQ(queue_.time_left(start + 2s), 10s);
    roster_.advance(start + 12s);
    EXPECT_EQ(line(), "");
}

TEST_F(RosterOfThree, TakesRoomsThatComeLater) {
    roster_.advance(start);
    roster_.want("z", JoinQueue::Turn::first);
    roster_.want("b", JoinQueue::Turn::first);
    EXPECT_EQ(roster_.advance(start + 12s), (Names{"z", "b"}));
}

TEST_F(RosterOfThree, DropsRoomsAndSaysWhetherTwitchMustHearIt) {
    roster_.advance(start);
    roster_.join("c");
    EXPECT_TRUE(roster_.drop("c"));
    EXPECT_TRUE(roster_.drop("a"));
    EXPECT_FALSE(roster_.drop("b"));
    EXPECT_FALSE(roster_.drop("unheard_of"));
    EXPECT_EQ(line(), "");
    EXPECT_TRUE(roster_.rooms().empty());
    EXPECT_EQ(roster_.deadline(start), coven::Instant::max());
    // Its answer may be under way.
    EXPECT_FALSE(roster_.join("a"));
}

TEST_F(RosterOfThree, DropsWhatNeverWaited) {
    EXPECT_FALSE(roster_.drop("a"));
    EXPECT_EQ(roster_.advance(start), (Names{"c", "b"}));
}

TEST_F(RosterOfThree, LeavesTheLineForGood) {
    roster_.advance(start);
    roster_.leave_queue();
    EXPECT_EQ(line(), "");
}

TEST_F(RosterOfThree, IsWokenWhenAnotherConnectionMovesTheLine) {
    roster_.advance(start);
    int woken = 0;
    roster_.when_granted([&] { ++woken; });
    queue_.advance(start + 12s);
    EXPECT_EQ(woken, 1);
    EXPECT_EQ(roster_.advance(start + 12s), Names{"b"});
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
    constexpr int many = 300;
    JoinQueue queue({.joins = 18, .window = 12s});
    Roster roster({}, queue);
    for (int i = 0; i < many; ++i) {
        roster.want("channel_" + std::to_string(i), JoinQueue::Turn::last);
    }
    auto now = start;
    int joined = 0;
    while (joined < many) {
        for (const auto& channel : roster.advance(now)) joined += roster.join(channel) ? 1 : 0;
        if (joined < many) now = roster.deadline(now);
    }
    EXPECT_EQ(now - start, 192s);
}

TEST(Roster, WithoutRoomsIsSettledAndNeverDue) {
    JoinQueue queue({});
    Roster roster({}, queue);
    EXPECT_TRUE(roster.settled());
    EXPECT_EQ(roster.deadline(start), coven::Instant::max());
}

}  // namespace
