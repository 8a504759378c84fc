#include "presence_text.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::Coverage;
using chat::JoinQueue;
using chat::Roster;
using coven::v1::Presence;

constexpr coven::Instant start{1h};
constexpr coven::Time noon{1000h};

using Names = std::vector<std::string>;

std::vector<chat::Feed::Status> one_feed(const std::string& trouble, const Roster* roster) {
    chat::Feed::Status status;
    status.trouble = trouble;
    status.roster = roster;
    return {status};
}

Roster roster_of(const Names& channels, JoinQueue& queue) {
    Roster roster({}, queue);
    for (const auto& channel : channels) roster.want(channel, JoinQueue::Turn::last);
    return roster;
}

class PresenceOfThree : public testing::Test {
  protected:
    static std::string text_of(const chat::PresenceText& text) {
        return Presence::State_Name(text.state) + ": " + text.reason;
    }
    std::string shown(const std::string& trouble, const Roster* roster) {
        return text_of(chat::presence_text(one_feed(trouble, roster), coverage_, start));
    }

    JoinQueue queue_{{.joins = 2, .window = 12s}};
    Roster roster_ = roster_of({"ann", "bob", "eve"}, queue_);
    Coverage coverage_{{"ann", "bob", "eve"}};
};

TEST_F(PresenceOfThree, StartsByConnecting) {
    EXPECT_EQ(shown("", nullptr), "STATE_STARTING: connecting");
}

TEST_F(PresenceOfThree, SaysWhyThereIsNoConnection) {
    EXPECT_EQ(shown("cannot connect", nullptr), "STATE_DEGRADED: cannot connect");
}

TEST_F(PresenceOfThree, SaysHowFarTheJoinsAre) {
    roster_.advance(start);
    roster_.join("ann");
    coverage_.join("ann", noon);
    EXPECT_EQ(shown("", &roster_), "STATE_STARTING: joined 1 of 3 channels, 12 s left");
    roster_.refuse("bob", "banned", start);
    EXPECT_EQ(shown("", &roster_), "STATE_STARTING: joined 1 of 3 channels, 12 s left; 1 refused");
}

TEST_F(PresenceOfThree, IsDegradedWhileItJoinsAgainWhatItHadHeard) {
    coverage_.join("ann", noon);
    coverage_.leave("ann", noon, noon, "connection lost");
    roster_.advance(start);
    EXPECT_EQ(shown("", &roster_), "STATE_DEGRADED: joined 0 of 3 channels, 12 s left");
}

TEST_F(PresenceOfThree, IsDegradedWhenEveryChannelIsRefused) {
    for (const char* channel : {"ann", "bob", "eve"}) roster_.refuse(channel, "banned", start);
    EXPECT_EQ(shown("", &roster_),
              "STATE_DEGRADED: joined 0 of 3 channels; refused: ann (banned), bob (banned), eve "
              "(banned)");
}

TEST_F(PresenceOfThree, NamesTheRefusedAndIsReadyWithoutThem) {
    roster_.join("ann");
    roster_.refuse("bob", "suspended", start);
    roster_.refuse("eve", "banned", start);
    coverage_.join("ann", noon);
    EXPECT_EQ(shown("", &roster_),
              "STATE_READY: joined 1 of 3 channels; refused: bob (suspended), eve (banned)");
    // While it is tried again it is still refused.
    roster_.advance(start + 6min);
    EXPECT_EQ(shown("", &roster_),
              "STATE_READY: joined 1 of 3 channels; refused: bob (suspended), eve (banned)");
}

TEST_F(PresenceOfThree, TellsOfAFeedInTroubleBesideOneThatIsWell) {
    auto feeds = one_feed("", &roster_);
    feeds.push_back(one_feed("cannot connect", nullptr).front());
    for (const char* channel : {"ann", "bob"}) {
        roster_.join(channel);
        coverage_.join(channel, noon);
    }
    roster_.drop("eve");
    EXPECT_EQ(text_of(chat::presence_text(feeds, coverage_, start)),
              "STATE_DEGRADED: joined 2 of 3 channels; cannot connect");
}

TEST_F(PresenceOfThree, PassesOverAFeedThatHasNothingToHear) {
    auto feeds = one_feed("", &roster_);
    feeds.push_back(one_feed("", nullptr).front());
    feeds.back().is_wanted = false;
    for (const char* channel : {"ann", "bob", "eve"}) roster_.refuse(channel, "banned", start);
    EXPECT_EQ(
        text_of(chat::presence_text(feeds, coverage_, start)).find("STATE_DEGRADED: joined 0"), 0u);
}

TEST_F(PresenceOfThree, IsReadyWhenEveryChannelIsHeard) {
    for (const char* channel : {"ann", "bob", "eve"}) coverage_.join(channel, noon);
    EXPECT_EQ(shown("", &roster_), "STATE_READY: ");
    // The old connection still hears while the new one is in trouble.
    EXPECT_EQ(shown("cannot connect", nullptr), "STATE_READY: ");
}

TEST(PresenceText, CountsMinutes) {
    JoinQueue queue({.joins = 18, .window = 12s});
    Names many;
    for (int i = 0; i < 215; ++i) many.push_back("c" + std::to_string(i));
    auto roster = roster_of(many, queue);
    roster.advance(start);
    EXPECT_EQ(chat::presence_text(one_feed("", &roster), Coverage(many), start).reason,
              "joined 0 of 215 channels, 2 min 12 s left");
}

TEST(PresenceText, NamesFiveOfManyRefused) {
    JoinQueue queue({});
    Names many;
    for (char c = 'a'; c <= 'h'; ++c) many.push_back(std::string(1, c));
    auto roster = roster_of(many, queue);
    for (const auto& channel : many) roster.refuse(channel, "x", start);
    EXPECT_EQ(chat::presence_text(one_feed("", &roster), Coverage(many), start).reason,
              "joined 0 of 8 channels; refused: a (x), b (x), c (x), d (x), e (x) and 3 more");
}

}  // namespace
