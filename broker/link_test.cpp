#include "link.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

constexpr Instant start(1000s);

LinkNumbers tcp(std::uint64_t taken, std::uint64_t waiting) { return {true, taken, waiting}; }
LinkNumbers local(std::uint64_t waiting) { return {false, 0, waiting}; }

/// Shows `link` the same numbers once a second.
void show(Link& link, const LinkNumbers& numbers, int seconds, Instant& now) {
    for (int i = 0; i < seconds; ++i) link.look(numbers, now += 1s);
}

TEST(Link, IsStuckWhenItTakesNothingForTwentySeconds) {
    for (const auto& numbers : {tcp(500, 10), local(10)}) {
        Instant now = start;
        Link link(numbers, now);
        show(link, numbers, 19, now);
        EXPECT_FALSE(link.stuck());
        show(link, numbers, 1, now);
        EXPECT_TRUE(link.stuck());
    }
}

TEST(Link, IsNotStuckWhileNothingWaitsForIt) {
    Instant now = start;
    Link link(tcp(500, 0), now);
    show(link, tcp(500, 0), 100, now);
    EXPECT_FALSE(link.stuck());
}

TEST(Link, BeginsAnewWithEachByteThatIsTaken) {
    for (const auto& [before, after] :
         {std::pair(tcp(500, 10), tcp(501, 10)), std::pair(local(70'000), local(61'000))}) {
        Instant now = start;
        Link link(before, now);
        show(link, before, 19, now);
        show(link, after, 19, now);
        EXPECT_FALSE(link.stuck());
        show(link, after, 2, now);
        EXPECT_TRUE(link.stuck());
    }
}

TEST(Link, TakesMoreWaitingForNoProgressOverTcp) {
    Instant now = start;
    Link link(tcp(500, 10), now);
    for (std::uint64_t i = 0; i < 20; ++i) link.look(tcp(500, 10 + i), now += 1s);
    EXPECT_TRUE(link.stuck());
}

TEST(Link, ALongPauseOfTheBrokerItselfCutsNobodyOff) {
    Instant now = start;
    Link link(tcp(500, 10), now);
    link.look(tcp(500, 10), now += 10min);
    EXPECT_FALSE(link.stuck());
}

TEST(Link, IsWrittenToAtOnceUnlessItTakesMuch) {
    Instant now = start;
    Link link(tcp(0, 0), now);
    EXPECT_EQ(link.writes(), Writes::at_once);
    std::uint64_t taken = 0;
    const auto take = [&](std::uint64_t bytes) {
        taken += bytes;
        link.look(tcp(taken, 0), now += 100ms);
        return link.writes();
    };
    EXPECT_EQ(take(3'000'000), Writes::at_once) << "30 MB/s";
    EXPECT_EQ(take(3'300'000), Writes::gathered) << "33 MB/s";
    EXPECT_EQ(take(1'700'000), Writes::gathered) << "17 MB/s: not far enough below";
    EXPECT_EQ(take(1'500'000), Writes::at_once) << "15 MB/s";
    EXPECT_EQ(take(9'000'000), Writes::gathered);
}

TEST(Link, KnowsNoRateWithoutTcp) {
    Instant now = start;
    Link link(local(0), now);
    for (std::uint64_t i = 1; i < 10; ++i) link.look(local(i * 1'000'000'000), now += 100ms);
    EXPECT_EQ(link.writes(), Writes::at_once);
}

}  // namespace
}  // namespace coven::broker
