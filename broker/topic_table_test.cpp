#include "topic_table.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

TEST(TopicTable, FindsWhatWasAddedAndIsFullAtItsBound) {
    TopicTable topics(2);
    EXPECT_EQ(topics.find("a.b"), nullptr);
    TopicEntry& first = topics.add("a.b");
    EXPECT_FALSE(topics.full());
    topics.add("a.c");
    EXPECT_TRUE(topics.full());
    EXPECT_EQ(topics.find("a.b"), &first);
    EXPECT_EQ(topics.size(), 2u);
}

TEST(TopicTable, WalksInByteOrderFromAPrefixOrBehindATopic) {
    TopicTable topics(10);
    for (const char* name : {"b.x", "a.b", "b.a", "c"}) topics.add(name);
    const auto name_at = [&](std::string_view prefix, std::string_view after) {
        const auto found = topics.first(prefix, after);
        return found == topics.end() ? "end" : std::string(*found);
    };
    EXPECT_EQ(name_at("", ""), "a.b");
    EXPECT_EQ(name_at("b.", ""), "b.a");
    EXPECT_EQ(name_at("b.", "b.a"), "b.x");
    EXPECT_EQ(name_at("b.", "a.z"), "b.a");
    EXPECT_EQ(name_at("", "c"), "end");
}

TEST(TopicRate, AveragesOverAboutAMinute) {
    TopicRate rate;
    Instant now{1000s};
    for (int i = 0; i < 10 * 180; ++i, now += 100ms) rate.count(now);
    EXPECT_NEAR(rate.per_second(now), 10, 0.5);
    now += 30s;
    EXPECT_NEAR(rate.per_second(now), 5, 0.5);
    now += 120s;
    EXPECT_EQ(rate.per_second(now), 0);
}

TEST(TopicRate, OfAYoungTopicIsAveragedOverItsAge) {
    TopicRate rate;
    Instant now{1000s};
    rate.count(now);
    EXPECT_NEAR(rate.per_second(now), 1, 0.01);
    for (int i = 1; i < 50; ++i) rate.count(now += 100ms);
    EXPECT_NEAR(rate.per_second(now), 10, 0.5);
}

}  // namespace
}  // namespace coven::broker
