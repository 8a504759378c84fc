#include "recent_ids.hpp"

#include <string>

#include <gtest/gtest.h>

namespace coven {
namespace {

using std::chrono::seconds;

constexpr Instant start{std::chrono::hours(1)};

TEST(RecentIds, DropsARepeatWithinAMinute) {
    RecentIds recent;
    EXPECT_TRUE(recent.is_new("a", "1", start));
    EXPECT_FALSE(recent.is_new("a", "1", start));
    EXPECT_FALSE(recent.is_new("a", "1", start + seconds(59)));
    EXPECT_TRUE(recent.is_new("a", "2", start + seconds(60)));
    EXPECT_FALSE(recent.is_new("a", "1", start + seconds(60)));
}

TEST(RecentIds, TellsTopicsApart) {
    RecentIds recent;
    EXPECT_TRUE(recent.is_new("a", "1", start));
    EXPECT_TRUE(recent.is_new("b", "1", start));
}

TEST(RecentIds, ForgetsAfterTwoMinutes) {
    RecentIds recent;
    EXPECT_TRUE(recent.is_new("a", "1", start));
    EXPECT_TRUE(recent.is_new("a", "1", start + seconds(121)));
}

TEST(RecentIds, TakesEventsWithoutAnIdAsNew) {
    RecentIds recent;
    EXPECT_TRUE(recent.is_new("a", "", start));
    EXPECT_TRUE(recent.is_new("a", "", start));
}

TEST(RecentIds, RemembersTheLastHundredThousand) {
    RecentIds recent;
    for (int i = 0; i < 150'000; ++i) recent.is_new("a", std::to_string(i), start);
    EXPECT_FALSE(recent.is_new("a", "60000", start));
    EXPECT_FALSE(recent.is_new("a", "149999", start));
}

}  // namespace
}  // namespace coven
