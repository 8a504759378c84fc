#include "coven/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include "coven_testing/moved_clock.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

asio::awaitable<void> note_when_awake(Clock& clock, Duration pause, std::vector<Duration>& noted) {
    const auto from = clock.instant();
    co_await clock.sleep(pause);
    noted.push_back(clock.instant() - from);
}

asio::awaitable<int> answer_after(Clock& clock, Duration pause) {
    co_await clock.sleep(pause);
    co_return 42;
}

TEST(MovedClock, WakesSleepersInTheirOrderAndAtTheirTime) {
    asio::io_context io;
    coven::testing::MovedClock clock;
    std::vector<Duration> noted;
    for (const int pause : {30, 10, 20}) {
        asio::co_spawn(io, note_when_awake(clock, seconds(pause), noted), asio::detached);
    }
    io.poll();
    EXPECT_TRUE(noted.empty());
    clock.advance(io, seconds(25));
    EXPECT_EQ(noted, (std::vector<Duration>{seconds(10), seconds(20)}));
    clock.advance(io, seconds(25));
    EXPECT_EQ(noted.size(), 3u);
    EXPECT_EQ(noted.back(), seconds(30));
}

TEST(Within, GivesTheAnswerThatComesInTime) {
    asio::io_context io;
    coven::testing::MovedClock clock;
    int answer = 0;
    asio::co_spawn(io, within(clock, seconds(5), "answer", answer_after(clock, seconds(1))),
                   [&](const std::exception_ptr&, int got) { answer = got; });
    io.poll();
    clock.advance(io, seconds(2));
    EXPECT_EQ(answer, 42);
}

TEST(Within, ThrowsWhenTheLimitIsPassed) {
    asio::io_context io;
    coven::testing::MovedClock clock;
    std::string reason;
    asio::co_spawn(io, within(clock, seconds(5), "answer", answer_after(clock, seconds(10))),
                   [&](const std::exception_ptr& failure, int) {
                       try {
                           std::rethrow_exception(failure);
                       } catch (const TimedOut& late) {
                           reason = late.what();
                       }
                   });
    io.poll();
    clock.advance(io, seconds(6));
    EXPECT_EQ(reason, "no answer within 5 s");
}

asio::awaitable<int> fail_after(Clock& clock, Duration pause) {
    co_await clock.sleep(pause);
    throw std::runtime_error("refused");
}

TEST(Within, ThrowsAtOnceWhatTheWorkThrows) {
    asio::io_context io;
    coven::testing::MovedClock clock;
    std::string reason;
    asio::co_spawn(io, within(clock, seconds(5), "answer", fail_after(clock, seconds(1))),
                   [&](const std::exception_ptr& failure, int) {
                       try {
                           std::rethrow_exception(failure);
                       } catch (const std::runtime_error& refused) {
                           reason = refused.what();
                       }
                   });
    io.poll();
    clock.advance(io, seconds(1));
    EXPECT_EQ(reason, "refused");
}

TEST(SystemClock, Sleeps) {
    asio::io_context io;
    SystemClock clock;
    std::vector<Duration> noted;
    asio::co_spawn(io, note_when_awake(clock, std::chrono::milliseconds(5), noted), asio::detached);
    io.run();
    ASSERT_EQ(noted.size(), 1u);
    EXPECT_GE(noted[0], std::chrono::milliseconds(5));
}

}  // namespace
}  // namespace coven
