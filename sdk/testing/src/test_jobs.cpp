#include "coven_testing/test_jobs.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "coven/race.hpp"
#include "coven_testing/turn_until.hpp"

namespace asio = boost::asio;

namespace coven::testing {

namespace {

constexpr auto run_limit = std::chrono::minutes(1);

}  // namespace

void TestJobs::start(asio::awaitable<void> job) {
    auto& stop = stops_.emplace_back();
    const auto end = [this](const std::exception_ptr& /*cancelled*/) { ++ended_; };
    asio::co_spawn(io_, std::move(job), asio::bind_cancellation_slot(stop.slot(), end));
}

void TestJobs::finish() {
    for (auto& stop : stops_) stop.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(turn_until(io_, [this] { return ended_ == stops_.size(); }))
        << stops_.size() - ended_ << " jobs do not end";
}

void run_beside(asio::io_context& io, asio::awaitable<void> test, asio::awaitable<void> program) {
    bool has_ended = false;
    const auto end = [&has_ended](const std::exception_ptr& failure, const auto& winner) {
        has_ended = true;
        if (failure) std::rethrow_exception(failure);
        EXPECT_EQ(winner.index(), 0u) << "the program has ended before the test";
    };
    asio::co_spawn(io, race(std::move(test), std::move(program)), end);
    const auto deadline = std::chrono::steady_clock::now() + run_limit;
    while (!has_ended && std::chrono::steady_clock::now() < deadline) {
        io.run_one_for(std::chrono::milliseconds(100));
    }
    EXPECT_TRUE(has_ended) << "the test did not end in time";
}

}  // namespace coven::testing
