#include "quiet_topics.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

class QuietTopicsTest : public testing::Test {
  protected:
    void event_on(TopicEntry& topic) {
        topic.heard = now_;
        quiet_.heard(topic);
    }
    /// Runs the loop's way, a millisecond at a time; when each beacon came, in ms from `now_`.
    std::vector<std::int64_t> beacons_within(Duration duration) {
        std::vector<std::int64_t> at;
        const auto begin = now_;
        for (const auto end = now_ + duration; now_ < end; now_ += 1ms) {
            quiet_.run(now_, 10, [&](const TopicEntry&) { at.push_back((now_ - begin) / 1ms); });
        }
        return at;
    }

    Instant now_{12345678ms};
    QuietTopics quiet_;
    TopicEntry topic_{"a.b"};
};

TEST_F(QuietTopicsTest, AreNamedOneAndTenSecondsAfterTheLastEvent) {
    event_on(topic_);
    const auto at = beacons_within(60s);
    ASSERT_EQ(at.size(), 2u);
    EXPECT_GE(at[0], 1000);
    EXPECT_LE(at[0], 1100);
    EXPECT_GE(at[1], 10000);
    EXPECT_LE(at[1], 10100);
    EXPECT_TRUE(quiet_.empty());
}

TEST_F(QuietTopicsTest, AreNotNamedWhileTheyAreBusy) {
    for (int i = 0; i < 300; ++i) {
        event_on(topic_);
        EXPECT_TRUE(beacons_within(100ms).empty());
    }
    EXPECT_EQ(beacons_within(60s).size(), 2u);
}

TEST_F(QuietTopicsTest, AreNamedAnewAfterEachEvent) {
    event_on(topic_);
    EXPECT_EQ(beacons_within(5s).size(), 1u);
    event_on(topic_);
    const auto at = beacons_within(60s);
    ASSERT_EQ(at.size(), 2u);
    EXPECT_LE(at[0], 1100);
    EXPECT_GE(at[1], 10000);
    EXPECT_LE(at[1], 10100);
}

TEST_F(QuietTopicsTest, SurviveALongStopOfTheBroker) {
    event_on(topic_);
    now_ += 1h;
    TopicEntry other{"c.d"};
    event_on(other);
    // The first's are due at once, both; the other's in their time.
    EXPECT_EQ(beacons_within(500ms).size(), 2u);
    EXPECT_EQ(beacons_within(60s).size(), 2u);
    EXPECT_TRUE(quiet_.empty());
}

TEST_F(QuietTopicsTest, AreServedABoundedNumberAtATime) {
    std::deque<TopicEntry> many(100);
    for (auto& topic : many) event_on(topic);
    now_ += 2s;
    std::size_t named = 0;
    quiet_.run(now_, 30, [&](const TopicEntry&) { ++named; });
    EXPECT_EQ(named, 30u);
    EXPECT_LE(quiet_.next_run(), now_);
    quiet_.run(now_, 1000, [&](const TopicEntry&) { ++named; });
    EXPECT_EQ(named, 100u);
    EXPECT_GT(quiet_.next_run(), now_);
}

}  // namespace
}  // namespace coven::broker
