// Commands from a caller to a connector and back, through a real broker.

#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/bus.hpp"
#include "coven/race.hpp"
#include "coven_testing/test_bus.hpp"
#include "notice.hpp"
#include "run_to_end.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds limit{60};
constexpr std::chrono::seconds deadline{20};
constexpr std::chrono::milliseconds pause{10};

class CommandsTest : public ::testing::Test {
  public:
    using Body = asio::awaitable<void> (CommandsTest::*)();

    /// `body` while the connector answers.
    void run(Body body) {
        run_to_end(io_, within(clock_, limit, "end of the test", answer_during(body)));
    }
    asio::awaitable<void> answer_during(Body body) {
        const Answerer roll = [this](const v1::Request& call) { return answer(call); };
        connector_.report(v1::Presence::STATE_READY, "");
        co_await race(connector_.answer("dice.roll", roll), (this->*body)());
    }
    /// For the target "slow" it waits for `let_go`.
    asio::awaitable<v1::Reply> answer(v1::Request call) {
        ++begun_;
        changed_.wake();
        while (call.target() == "slow" && !gone_on_) co_await changed_.wait();
        co_return reply_of(v1::Reply::OK, "", "rolled for " + call.target());
    }
    void let_go() {
        gone_on_ = true;
        changed_.wake();
    }
    asio::awaitable<v1::Reply> roll_for(std::string target, std::string key) {
        auto request = request_of("dice.roll");
        request.set_target(target);
        request.set_idempotency_key(key);
        co_return co_await caller_.call(std::move(request), deadline);
    }
    /// Until the broker knows the connector.
    asio::awaitable<void> until_routed() {
        auto reply = co_await roll_for("it", "");
        while (reply.status() != v1::Reply::OK) {
            co_await clock_.sleep(pause);
            reply = co_await roll_for("it", "");
        }
        begun_ = 0;
    }

    asio::awaitable<void> call_and_answer() {
        co_await until_routed();
        const auto reply = co_await roll_for("me", "monday");
        EXPECT_EQ(reply.status(), v1::Reply::OK);
        EXPECT_EQ(reply.message(), "rolled for me");
        const auto again = co_await roll_for("me", "monday");
        EXPECT_EQ(again.message(), "rolled for me");
        EXPECT_EQ(begun_, 1);
    }
    asio::awaitable<void> drain_while_called() {
        co_await until_routed();
        using asio::experimental::awaitable_operators::operator&&;
        co_await (expect_slow_roll() && drain_once_begun());
        const auto late = co_await roll_for("me", "");
        EXPECT_EQ(late.status(), v1::Reply::NO_ROUTE);
    }
    asio::awaitable<void> expect_slow_roll() {
        const auto reply = co_await roll_for("slow", "");
        EXPECT_EQ(reply.status(), v1::Reply::OK);
    }
    asio::awaitable<void> drain_once_begun() {
        while (begun_ == 0) co_await changed_.wait();
        using asio::experimental::awaitable_operators::operator&&;
        co_await (connector_.drain(limit) && let_go_when_draining());
    }
    asio::awaitable<void> let_go_when_draining() {
        co_await clock_.sleep(pause);
        let_go();
    }
    asio::awaitable<void> answer_a_new_broker() {
        co_await until_routed();
        co_await race(roll_for("slow", "once"), kill_once_begun());
        let_go();
        bus_.start();
        // What was done while there was no broker is told to the new one.
        auto reply = co_await roll_for("slow", "once");
        while (reply.status() != v1::Reply::OK) {
            co_await clock_.sleep(pause);
            reply = co_await roll_for("slow", "once");
        }
        EXPECT_EQ(reply.message(), "rolled for slow");
        EXPECT_EQ(begun_, 1);
    }
    asio::awaitable<void> kill_once_begun() {
        while (begun_ == 0) co_await changed_.wait();
        bus_.kill();
    }

    testing::TestBus bus_;
    asio::io_context io_{1};
    SystemClock clock_;
    Notice changed_{io_};
    bool gone_on_ = false;
    int begun_ = 0;
    Bus connector_{io_, bus_.endpoints(), clock_, Identity{"dice", "dice-1", {"dice.roll"}}};
    Bus caller_{io_, bus_.endpoints(), clock_, Identity{}};
};

TEST_F(CommandsTest, AreCarriedOutOnceForEachKey) { run(&CommandsTest::call_and_answer); }

TEST_F(CommandsTest, EndWellWhileTheirConnectorDrains) { run(&CommandsTest::drain_while_called); }

TEST_F(CommandsTest, AreAnsweredToANewBroker) { run(&CommandsTest::answer_a_new_broker); }

}  // namespace
}  // namespace coven
