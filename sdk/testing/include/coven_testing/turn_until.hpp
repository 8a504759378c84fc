#pragma once

#include <chrono>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace coven::testing {

/// How long a test waits in real time for what happens at once.
constexpr auto turn_limit = std::chrono::seconds(20);

/// Turns the loop until `holds`; fails when that takes too long. `pause` is called whenever nothing
/// has happened for a real moment: the place to move a clock on.
template <class Holds, class Pause>
::testing::AssertionResult turn_until(boost::asio::io_context& io, Holds holds, Pause pause) {
    constexpr auto moment = std::chrono::milliseconds(1);
    const auto deadline = std::chrono::steady_clock::now() + turn_limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return ::testing::AssertionFailure() << "not within " << turn_limit.count() << " s";
        }
        io.restart();
        if (io.run_one_for(moment) == 0) pause();
    }
    return ::testing::AssertionSuccess();
}

/// The same while clocks stand still.
template <class Holds>
::testing::AssertionResult turn_until(boost::asio::io_context& io, Holds holds) {
    return turn_until(io, holds, [] {});
}

}  // namespace coven::testing
