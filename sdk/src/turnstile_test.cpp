#include "turnstile.hpp"

#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/race.hpp"
#include "coven_testing/moved_clock.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

class TurnstileTest : public ::testing::Test {
  protected:
    asio::awaitable<void> visit(std::string name, seconds stay) {
        const auto pass = co_await turnstile_.enter();
        entered_.push_back(name);
        co_await clock_.sleep(stay);
    }
    asio::awaitable<void> visit_if_soon(std::string name, seconds patience) {
        co_await race(visit(std::move(name), seconds(60)), clock_.sleep(patience));
    }
    void begin(asio::awaitable<void> visit) {
        asio::co_spawn(io_, std::move(visit), asio::detached);
        io_.restart();
        io_.poll();
    }

    asio::io_context io_;
    testing::MovedClock clock_;
    Turnstile turnstile_{io_.get_executor(), 2};
    std::vector<std::string> entered_;
};

TEST_F(TurnstileTest, LetsTheOthersInInTheirOrder) {
    for (const char* name : {"a", "b", "c", "d", "e"}) begin(visit(name, seconds(10)));
    EXPECT_EQ(entered_, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(turnstile_.waiting(), 3u);
    clock_.advance(io_, seconds(10));
    EXPECT_EQ(entered_, (std::vector<std::string>{"a", "b", "c", "d"}));
    clock_.advance(io_, seconds(20));
    EXPECT_EQ(entered_.back(), "e");
    EXPECT_EQ(turnstile_.inside(), 0u);
}

TEST_F(TurnstileTest, ForgetsWhoIsCancelledInTheLine) {
    begin(visit("a", seconds(10)));
    begin(visit("b", seconds(10)));
    begin(visit_if_soon("impatient", seconds(5)));
    begin(visit("c", seconds(10)));
    clock_.advance(io_, seconds(5));
    EXPECT_EQ(turnstile_.waiting(), 1u);
    clock_.advance(io_, seconds(30));
    EXPECT_EQ(entered_, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(turnstile_.inside(), 0u);
}

TEST_F(TurnstileTest, TakesThePlaceBackOfWhoIsCancelledWhenLetIn) {
    begin(visit("a", seconds(10)));
    begin(visit("b", seconds(10)));
    begin(visit_if_soon("late", seconds(10)));
    clock_.advance(io_, seconds(90));
    EXPECT_EQ(turnstile_.inside(), 0u);
    EXPECT_EQ(turnstile_.waiting(), 0u);
}

}  // namespace
}  // namespace coven
