#include "coven/backoff.hpp"

#include <set>

#include <gtest/gtest.h>

namespace coven {
namespace {

using std::chrono::milliseconds;

constexpr Backoff::Limits limits{milliseconds{1000}, milliseconds{60000}};

TEST(Backoff, TriesAtOnceFirst) { EXPECT_EQ(Backoff(limits, 1).next(), milliseconds{0}); }

TEST(Backoff, StaysBelowACeilingThatDoubles) {
    for (std::uint64_t seed = 1; seed < 200; ++seed) {
        Backoff backoff(limits, seed);
        backoff.next();
        for (const int ceiling : {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}) {
            const auto pause = backoff.next();
            EXPECT_GE(pause.count(), 0);
            EXPECT_LE(pause.count(), ceiling);
        }
    }
}

TEST(Backoff, SpreadsClientsOverTheWholeRange) {
    std::set<milliseconds> pauses;
    milliseconds longest{0};
    for (std::uint64_t seed = 1; seed < 100; ++seed) {
        Backoff backoff(limits, seed);
        backoff.next();
        pauses.insert(backoff.next());
        longest = std::max(longest, *pauses.rbegin());
    }
    EXPECT_GT(pauses.size(), 50u);
    EXPECT_GT(longest, milliseconds{800});
}

TEST(Backoff, StartsOverAfterReset) {
    Backoff backoff(limits, 7);
    for (int i = 0; i < 10; ++i) backoff.next();
    backoff.reset();
    EXPECT_EQ(backoff.next(), milliseconds{0});
    EXPECT_LE(backoff.next(), milliseconds{1000});
}

}  // namespace
}  // namespace coven
