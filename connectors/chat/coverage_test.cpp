#include "coverage.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::Coverage;

constexpr coven::Time start{1000h};

TEST(Coverage, KnowsNoGapBeforeTheFirstJoin) {
    Coverage coverage({"ann"});
    EXPECT_FALSE(coverage.hears("ann"));
    coverage.join("ann", start);
    EXPECT_TRUE(coverage.hears("ann"));
    EXPECT_EQ(coverage.heard(), 1u);
    EXPECT_FALSE(coverage.has_gaps());
}

TEST(Coverage, FindsTheGapBetweenTheLastSignAndTheNextJoin) {
    Coverage coverage({"ann", "bob"});
    coverage.join("ann", start);
    coverage.leave("ann", start + 5s, start + 15s, "no PONG in time");
    EXPECT_FALSE(coverage.hears("ann"));
    EXPECT_FALSE(coverage.has_gaps());
    coverage.join("ann", start + 20s);
    ASSERT_TRUE(coverage.has_gaps());
    const auto gaps = coverage.take_gaps(start + 20s);
    ASSERT_EQ(gaps.size(), 1u);
    EXPECT_EQ(gaps[0].channel, "ann");
    EXPECT_EQ(gaps[0].from, start + 5s);
    EXPECT_EQ(gaps[0].to, start + 20s);
    EXPECT_EQ(gaps[0].reason, "no PONG in time");
    EXPECT_EQ(gaps[0].events, 0u);
    EXPECT_FALSE(coverage.has_gaps());
}

TEST(Coverage, HasNoGapWhileAnotherConnectionHears) {
    Coverage coverage({"ann"});
    coverage.join("ann", start);
    coverage.join("ann", start + 1s);
    coverage.leave("ann", start + 2s, start + 2s, "RECONNECT");
    EXPECT_TRUE(coverage.hears("ann"));
    EXPECT_FALSE(coverage.has_gaps());
    EXPECT_EQ(coverage.heard(), 1u);
}

TEST(Coverage, MissesWhatTheOldConnectionShouldHaveHeardBeforeTheNewOneCame) {
    Coverage coverage({"ann"});
    coverage.join("ann", start);
    coverage.join("ann", start + 10s);
    coverage.hand_over("ann", start + 4s, start + 12s, "no PONG in time");
    const auto gaps = coverage.take_gaps(start + 12s);
    ASSERT_EQ(gaps.size(), 1u);
    EXPECT_EQ(gaps[0].from, start + 4s);
    EXPECT_EQ(gaps[0].to, start + 10s);
    EXPECT_EQ(gaps[0].reason, "no PONG in time");
    EXPECT_TRUE(coverage.hears("ann"));
    EXPECT_EQ(coverage.heard(), 1u);
}

TEST(Coverage, MissesNothingWhenTheOldConnectionHeardAll) {
    Coverage coverage({"ann"});
    coverage.join("ann", start);
    coverage.join("ann", start + 10s);
    coverage.hand_over("ann", start + 11s, start + 11s, "taken over");
    EXPECT_FALSE(coverage.has_gaps());
    coverage.hand_over("zed", start, start, "x");
    EXPECT_FALSE(coverage.has_gaps());
}

TEST(Coverage, ExpectsRepeatsAroundATakeover) {
    Coverage coverage({"ann"});
    coverage.join("ann", start);
    EXPECT_FALSE(coverage.may_repeat("ann", start));
    coverage.join("ann", start + 1s);
    EXPECT_TRUE(coverage.may_repeat("ann", start + 1s));
    coverage.leave("ann", start + 2s, start + 2s, "RECONNECT");
    EXPECT_TRUE(coverage.may_repeat("ann", start + 11s));
    EXPECT_FALSE(coverage.may_repeat("ann", start + 12s));
}

TEST(Coverage, CountsDroppedMessages) {
    Coverage coverage({"ann", "bob"});
    coverage.join("ann", start);
    coverage.drop("ann", start + 1s, "outbox full");
    coverage.drop("ann", start + 2s, "later");
    ASSERT_TRUE(coverage.has_gaps());
    const auto gaps = coverage.take_gaps(start + 3s);
    ASSERT_EQ(gaps.size(), 1u);
    EXPECT_EQ(gaps[0].from, start + 1s);
    EXPECT_EQ(gaps[0].to, start + 3s);
    EXPECT_EQ(gaps[0].reason, "outbox full");
    EXPECT_EQ(gaps[0].events, 2u);
    EXPECT_FALSE(coverage.has_gaps());
    EXPECT_TRUE(coverage.take_gaps(start + 4s).empty());
}

TEST(Coverage, TakesAGapBack) {
    Coverage coverage({"ann"});
    coverage.give_back({"ann", start, start + 1s, "x", 3});
    EXPECT_EQ(coverage.take_gaps(start).at(0).events, 3u);
}

TEST(Coverage, TakesNoNoticeOfForeignChannels) {
    Coverage coverage({"ann"});
    coverage.join("zed", start);
    coverage.leave("zed", start, start, "x");
    coverage.leave("ann", start, start, "x");
    coverage.drop("zed", start, "x");
    EXPECT_FALSE(coverage.hears("zed"));
    EXPECT_FALSE(coverage.may_repeat("zed", start));
    EXPECT_FALSE(coverage.has_gaps());
    EXPECT_EQ(coverage.channels(), 1u);
}

TEST(Coverage, MissesWhatNobodyHeardBeforeItCame) {
    Coverage coverage;
    coverage.add("ann");
    coverage.miss("ann", start - 30s, "the process that heard it is gone");
    EXPECT_TRUE(coverage.lost_any());
    EXPECT_TRUE(coverage.was_heard("ann"));
    coverage.join("ann", start);
    EXPECT_FALSE(coverage.lost_any());
    // Too late: it is heard.
    coverage.miss("ann", start, "x");
    const auto gaps = coverage.take_gaps(start);
    ASSERT_EQ(gaps.size(), 1u);
    EXPECT_EQ(gaps[0].from, start - 30s);
    EXPECT_EQ(gaps[0].to, start);
}

TEST(Coverage, EndsTheGapOfAChannelThatIsNotWantedAnyMore) {
    Coverage coverage({"ann", "bob"});
    coverage.join("ann", start);
    coverage.join("bob", start);
    coverage.leave("ann", start + 1s, start + 2s, "lost");
    coverage.remove("ann", start + 5s);
    coverage.remove("bob", start + 5s);
    coverage.remove("zoe", start + 5s);
    EXPECT_EQ(coverage.channels(), 0u);
    EXPECT_EQ(coverage.heard(), 0u);
    EXPECT_FALSE(coverage.lost_any());
    const auto gaps = coverage.take_gaps(start + 5s);
    ASSERT_EQ(gaps.size(), 1u);
    EXPECT_EQ(gaps[0].from, start + 1s);
    EXPECT_EQ(gaps[0].to, start + 5s);
}

TEST(Coverage, ExpectsRepeatsWhileAnotherReplicaHearsItAsWell) {
    Coverage coverage({"ann"});
    coverage.overlap("ann", 30s);
    EXPECT_FALSE(coverage.may_repeat("ann", start));
    coverage.join("ann", start);
    EXPECT_TRUE(coverage.may_repeat("ann", start + 29s));
    EXPECT_FALSE(coverage.may_repeat("ann", start + 30s));
    coverage.share("ann");
    EXPECT_TRUE(coverage.may_repeat("ann", start + 1h));
    coverage.stop_sharing("ann", start + 1h);
    EXPECT_TRUE(coverage.may_repeat("ann", start + 1h + 9s));
    EXPECT_FALSE(coverage.may_repeat("ann", start + 1h + 10s));
}

}  // namespace
