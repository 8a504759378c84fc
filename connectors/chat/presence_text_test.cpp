#include "presence_text.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::Coverage;
using chat::JoinLimiter;
using chat::Roster;
using coven::v1::Presence;

constexpr coven::Instant start{1h};
constexpr coven::Time noon{1000h};

class PresenceOfThree : public testing::Test {
  protected:
    std::string shown(const std::string& trouble, const Roster* roster) {
        const auto text = chat::presence_text({trouble, roster, false}, coverage_, start);
        return Presence::State_Name(text.state) + ": " + text.reason;
    }

    JoinLimiter limiter_{{.joins = 2, .window = 12s}};
    Roster roster_{{"ann", "bob", "eve"}, {}, limiter_};
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

TEST_F(PresenceOfThree, IsReadyWhenEveryChannelIsHeard) {
    for (const char* channel : {"ann", "bob", "eve"}) coverage_.join(channel, noon);
    EXPECT_EQ(shown("", &roster_), "STATE_READY: ");
    // The old connection still hears while the new one is in trouble.
    EXPECT_EQ(shown("cannot connect", nullptr), "STATE_READY: ");
}

TEST(PresenceText, CountsMinutes) {
    JoinLimiter limiter({.joins = 18, .window = 12s});
    const std::vector<std::string> many = [] {
        std::vector<std::string> names;
        names.reserve(215);
        for (int i = 0; i < 215; ++i) names.push_back("c" + std::to_string(i));
        return names;
    }();
    Roster roster(many, {}, limiter);
    roster.advance(start);
    EXPECT_EQ(chat::presence_text({"", &roster, false}, Coverage(many), start).reason,
              "joined 0 of 215 channels, 2 min 12 s left");
}

TEST(PresenceText, NamesFiveOfManyRefused) {
    JoinLimiter limiter({});
    std::vector<std::string> many;
    for (char c = 'a'; c <= 'h'; ++c) many.push_back(std::string(1, c));
    Roster roster(many, {}, limiter);
    for (const auto& channel : many) roster.refuse(channel, "x", start);
    EXPECT_EQ(chat::presence_text({"", &roster, false}, Coverage(many), start).reason,
              "joined 0 of 8 channels; refused: a (x), b (x), c (x), d (x), e (x) and 3 more");
}

}  // namespace
