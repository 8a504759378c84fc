#include "join_limiter.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::JoinLimiter;

constexpr coven::Instant start{1h};

TEST(JoinLimiter, LetsSoManyThroughInAnyWindow) {
    JoinLimiter limiter({.joins = 3, .window = 12s});
    EXPECT_EQ(limiter.room(start), 3u);
    limiter.take(start);
    limiter.take(start + 5s);
    limiter.take(start + 5s);
    EXPECT_EQ(limiter.room(start + 11s), 0u);
    EXPECT_EQ(limiter.room(start + 12s), 1u);
    limiter.take(start + 12s);
    EXPECT_EQ(limiter.room(start + 16s), 0u);
    EXPECT_EQ(limiter.room(start + 17s), 2u);
}

TEST(JoinLimiter, KnowsWhenATurnComes) {
    JoinLimiter limiter({.joins = 2, .window = 10s});
    EXPECT_EQ(limiter.turn(0, start), start);
    EXPECT_EQ(limiter.turn(1, start), start);
    EXPECT_EQ(limiter.turn(2, start), start + 10s);
    EXPECT_EQ(limiter.turn(5, start), start + 20s);
    limiter.take(start);
    const auto now = start + 4s;
    EXPECT_EQ(limiter.turn(0, now), now);
    EXPECT_EQ(limiter.turn(1, now), start + 10s);
    EXPECT_EQ(limiter.turn(2, now), now + 10s);
    EXPECT_EQ(limiter.turn(3, now), start + 20s);
}

TEST(JoinLimiter, KeepsItsWordAboutTurns) {
    JoinLimiter limiter({.joins = 18, .window = 12s});
    for (int i = 0; i < 7; ++i) limiter.take(start);
    auto now = start + 3s;
    const auto promised = limiter.turn(99, now);
    for (int joined = 0; joined < 100;) {
        if (limiter.room(now) == 0) now = limiter.turn(0, now);
        limiter.take(now);
        ++joined;
    }
    EXPECT_EQ(now, promised);
}

}  // namespace
