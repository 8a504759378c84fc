#include "pace.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

using namespace std::chrono_literals;

TEST(Pace, IsExactOverAnHourOfLateTimers) {
    Pace pace(7.0, Instant());
    std::uint64_t taken = 0;
    for (auto now = Instant(); now <= Instant() + 1h; now += 13ms) {
        const auto due = pace.due(now);
        pace.take(due);
        taken += due;
    }
    EXPECT_GE(taken, 7u * 3600 - 1);
    EXPECT_LE(taken, 7u * 3600);
}

TEST(Pace, KnowsWhenTheNextIsDue) {
    Pace pace(4.0, Instant());
    EXPECT_EQ(pace.next(), Instant() + 250ms);
    EXPECT_EQ(pace.due(Instant() + 249ms), 0u);
    EXPECT_EQ(pace.due(pace.next()), 1u);
    pace.take(1);
    EXPECT_EQ(pace.next(), Instant() + 500ms);
}

TEST(Pace, ForgivesALongPause) {
    Pace pace(100.0, Instant());
    EXPECT_LE(pace.due(Instant() + 1h), 101u);
}

TEST(Pace, BeginsAnew) {
    Pace pace(100.0, Instant());
    pace.restart(Instant() + 1h);
    EXPECT_EQ(pace.due(Instant() + 1h), 0u);
    EXPECT_EQ(pace.due(Instant() + 1h + 100ms), 10u);
}

}  // namespace
}  // namespace coven::sim
