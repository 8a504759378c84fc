#include "delays.hpp"

#include <gtest/gtest.h>

namespace bench {
namespace {

constexpr std::size_t percent_of_the_worst = 99;

/// A window with two slow events in a hundred, or with all of them slow.
void add_window(Delays& delays, std::uint64_t slow, std::size_t of_a_hundred) {
    for (std::size_t event = 0; event < Delays::window; ++event) {
        delays.add(event % 100 < of_a_hundred ? slow : 10);
    }
}

TEST(Delays, NoneTakeNoTime) {
    const Delays delays;
    EXPECT_EQ(delays.at(50), 0);
    EXPECT_EQ(delays.typical_at(percent_of_the_worst), 0);
}

TEST(Delays, OneStandstillSpoilsTheWholeButNotTheTypical) {
    Delays delays;
    for (int window = 0; window < 5; ++window) add_window(delays, 20, window == 2 ? 0 : 2);
    add_window(delays, 9000, 100);
    EXPECT_EQ(delays.at(percent_of_the_worst), 9000);
    EXPECT_EQ(delays.typical_at(percent_of_the_worst), 20);
}

TEST(Delays, WhatComesBackInEveryWindowIsTypical) {
    Delays delays;
    for (int window = 0; window < 5; ++window) add_window(delays, 9000, 2);
    EXPECT_EQ(delays.typical_at(percent_of_the_worst), 9000);
    EXPECT_EQ(delays.at(50), 10);
}

TEST(Delays, FewerThanAWindowAreOne) {
    Delays delays;
    delays.add(1);
    delays.add(7);
    delays.add(3);
    EXPECT_EQ(delays.typical_at(50), 3);
}

}  // namespace
}  // namespace bench
