// Calls of others, as a connector carries them out, against a request door that the test plays.

#include "answers.hpp"

#include <functional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "core.hpp"
#include "coven/connector.hpp"
#include "coven/race.hpp"
#include "coven_testing/moved_clock.hpp"
#include "played_broker_for_test.hpp"
#include "run_to_end.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

constexpr seconds limit{30};

asio::awaitable<v1::Reply> done(v1::Request call) {
    co_return reply_of(v1::Reply::OK, "", "did " + call.target());
}

asio::awaitable<v1::Reply> fail(v1::Request /*call*/) {
    throw std::runtime_error("the table is too small");
    co_return v1::Reply();
}

asio::awaitable<v1::Reply> hang(v1::Request /*call*/) {
    asio::steady_timer never(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
    co_return v1::Reply();
}

class AnswersTest : public ::testing::Test {
  protected:
    AnswersTest() {
        core_->report(v1::Presence::STATE_READY, "");
        serve("dice.roll", done);
        serve("dice.break", fail);
        serve("dice.balance", [this](const v1::Request& call) { return balance(call); });
        stop_hanging_ = &serve("dice.hang", hang);
        run(broker_.until_said("dice.hang"));
    }
    ~AnswersTest() override { core_->close(); }

    asio::cancellation_signal& serve(const std::string& verb, const Answerer& answerer) {
        return core_->start(core_->answers().serve(verb, answerer), [](const auto&) {});
    }
    void stop_hanging() { stop_hanging_->emit(asio::cancellation_type::terminal); }
    /// Ends when the test says so.
    asio::awaitable<v1::Reply> balance(v1::Request /*call*/) {
        while (!rest_) co_await table_.wait();
        co_return reply_of(v1::Reply::OK, "", "stood on its corner");
    }
    void let_rest() {
        rest_ = true;
        table_.wake();
    }

    /// Real time limits it: `clock_` stands still.
    void run(asio::awaitable<void> job) {
        run_to_end(io_, within(real_clock_, limit, "end of the job", std::move(job)));
    }
    asio::awaitable<void> take(v1::Request& request) { request = co_await broker_.next(); }
    v1::Request next_request() {
        v1::Request request;
        run(take(request));
        return request;
    }
    /// The next answer, which stays unconfirmed.
    v1::Reply next_answer() {
        last_request_ = next_request();
        EXPECT_EQ(last_request_.verb(), "connector.answer");
        v1::Reply reply;
        EXPECT_TRUE(last_request_.payload().UnpackTo(&reply));
        return reply;
    }
    v1::Reply next_answer_confirmed() {
        auto reply = next_answer();
        broker_.answer(last_request_, v1::Reply::OK);
        return reply;
    }
    static v1::Request call(const std::string& verb, const std::string& id = "1-1") {
        auto request = request_of(verb);
        request.set_id(id);
        request.set_target("it");
        request.set_deadline_ms(5000);
        return request;
    }
    v1::Reply answer_to(const v1::Request& request) {
        broker_.hand_over(request);
        return next_answer_confirmed();
    }
    asio::awaitable<void> until(std::function<bool()> reached) {
        constexpr std::chrono::milliseconds pause{1};
        while (!reached()) co_await real_clock_.sleep(pause);
    }
    const AnswerBook& book() { return core_->answers().book(); }
    void until_confirmed() {
        run(until([this] { return book().is_idle(); }));
    }
    void until_running(std::size_t count) {
        run(until([this, count] { return book().running() == count; }));
    }
    /// Heartbeats go on, and each is answered.
    void advance(seconds time) {
        for (seconds passed{0}; passed < time; ++passed) {
            const auto heard = core_->requester().heard();
            clock_.advance(io_, seconds(1));
            run(until([&] { return core_->requester().heard() > heard; }));
        }
    }

    void wait_for_request() {
        while (broker_.waiting() == 0 && !book().is_idle()) advance(seconds(1));
    }
    /// Each copy, until the connector is content: what confirms one can come too late for it, and
    /// then there is another. Returns how many there were.
    int confirm_each_copy(const std::string& message) {
        for (int copies = 0;; ++copies) {
            wait_for_request();
            if (broker_.waiting() == 0) return copies;
            const auto heard = core_->requester().heard();
            EXPECT_EQ(next_answer_confirmed().message(), message);
            run(until([&] { return core_->requester().heard() > heard; }));
        }
    }

    asio::io_context io_{1};
    SystemClock real_clock_;
    testing::MovedClock clock_;
    PlayedBroker broker_{io_};
    Notice table_{io_};
    bool rest_ = false;
    asio::cancellation_signal* stop_hanging_ = nullptr;
    v1::Request last_request_;
    std::shared_ptr<Bus::Core> core_ = std::make_shared<Bus::Core>(
        io_, broker_.endpoints(), clock_, Identity{"dice", "dice-1", {}, {"xqc"}});
};

TEST_F(AnswersTest, CarriesOutWhatTheBrokerHandsOver) {
    const auto reply = answer_to(call("dice.roll", "7-12"));
    EXPECT_EQ(reply.id(), "7-12");
    EXPECT_EQ(reply.status(), v1::Reply::OK);
    EXPECT_EQ(reply.message(), "did it");
    until_confirmed();
    EXPECT_EQ(book().numbers().taken, 1u);
    EXPECT_EQ(book().numbers().answered.at(v1::Reply::OK), 1u);
}

TEST_F(AnswersTest, TellsWhatItAnswersAndForWhom) {
    EXPECT_EQ(broker_.ready().verbs_size(), 4);
    EXPECT_EQ(broker_.ready().targets(0), "xqc");
    core_->answer_for({"ann", "bob"});
    run(until([this] { return broker_.ready().targets_size() == 2; }));
    stop_hanging();
    run(until([this] { return broker_.ready().verbs_size() == 3; }));
}

TEST_F(AnswersTest, AnswersWhatIsThrownAsFailed) {
    const auto reply = answer_to(call("dice.break"));
    EXPECT_EQ(reply.status(), v1::Reply::FAILED);
    EXPECT_EQ(reply.message(), "the table is too small");
}

TEST_F(AnswersTest, SaysAnAnswerAgainUntilItIsConfirmed) {
    broker_.hand_over(call("dice.roll", "1-9"));
    EXPECT_EQ(next_answer().id(), "1-9");
    EXPECT_EQ(book().unconfirmed(), 1u);
    EXPECT_GE(confirm_each_copy("did it"), 1);
    advance(seconds(5));
    EXPECT_EQ(broker_.waiting(), 0u);
    EXPECT_EQ(book().numbers().answered.at(v1::Reply::OK), 1u);
}

TEST_F(AnswersTest, AsksAgainLaterWhereTheBrokerSaysSo) {
    broker_.hand_over(call("dice.roll"));
    next_answer();
    broker_.answer(last_request_, v1::Reply::RATE_LIMITED);
    EXPECT_GE(confirm_each_copy("did it"), 1);
}

TEST_F(AnswersTest, ForgetsAnAnswerThatTheBrokerDoesNotKnowAndCountsIt) {
    broker_.hand_over(call("dice.roll"));
    next_answer();
    broker_.answer(last_request_, v1::Reply::REJECTED, "call_unknown");
    until_confirmed();
    EXPECT_EQ(book().numbers().unwanted, 1u);
}

TEST_F(AnswersTest, DoesNotRepeatAnAnswerWhileTheBrokerIsSilent) {
    broker_.hand_over(call("dice.balance"));
    until_running(1);
    broker_.freeze();
    let_rest();
    clock_.advance(io_, seconds(60));
    broker_.thaw();
    // What confirms the first one comes too late: it is sent once more.
    EXPECT_LE(confirm_each_copy("stood on its corner"), 3);
}

TEST_F(AnswersTest, DoesNotBeginWhatWaitedLongerThanItsDeadline) {
    advance(seconds(1));
    broker_.hand_over(call("dice.roll"));
    // Nobody ran the loop meanwhile, as in a process that was stopped.
    clock_.jump(seconds(6));
    const auto reply = next_answer_confirmed();
    EXPECT_EQ(reply.status(), v1::Reply::EXPIRED);
    EXPECT_EQ(book().numbers().taken, 0u);
}

TEST_F(AnswersTest, RefusesAVerbThatItDoesNotAnswer) {
    EXPECT_EQ(answer_to(call("dice.eat")).status(), v1::Reply::NO_ROUTE);
}

TEST_F(AnswersTest, CountsACommandThatNobodyCanRead) {
    broker_.send_command("\xff\xff");
    run(until([this] { return book().numbers().malformed == 1; }));
    EXPECT_EQ(answer_to(call("dice.roll")).status(), v1::Reply::OK);
}

TEST_F(AnswersTest, GivesUpWhatHangsLongAfterItsDeadline) {
    broker_.hand_over(call("dice.hang"));
    until_running(1);
    advance(seconds(14));
    EXPECT_EQ(book().running(), 1u);
    advance(seconds(2));
    const auto reply = next_answer_confirmed();
    EXPECT_EQ(reply.status(), v1::Reply::UNKNOWN);
    EXPECT_EQ(reply.code(), "deadline_passed");
}

TEST_F(AnswersTest, AnswersUnknownWhenItIsStoppedInTheMiddle) {
    broker_.hand_over(call("dice.hang"));
    until_running(1);
    stop_hanging();
    const auto reply = next_answer_confirmed();
    EXPECT_EQ(reply.status(), v1::Reply::UNKNOWN);
    EXPECT_EQ(reply.code(), "interrupted");
    EXPECT_EQ(answer_to(call("dice.hang")).status(), v1::Reply::NO_ROUTE);
}

TEST_F(AnswersTest, RefusesMoreThanItTakesAtOnce) {
    for (std::size_t i = 0; i < AnswerBook::max_running; ++i) {
        broker_.hand_over(call("dice.balance", "1-" + std::to_string(i)));
    }
    until_running(AnswerBook::max_running);
    const auto reply = answer_to(call("dice.balance", "2-1"));
    EXPECT_EQ(reply.status(), v1::Reply::RATE_LIMITED);
    EXPECT_GT(reply.retry_after_ms(), 0u);
    let_rest();
    for (std::size_t i = 0; i < AnswerBook::max_running; ++i) next_answer_confirmed();
    until_confirmed();
}

TEST_F(AnswersTest, DrainsByEndingWhatItHasAndRefusingTheRest) {
    broker_.hand_over(call("dice.balance", "1-1"));
    until_running(1);
    bool drained = false;
    core_->start(core_->drain(), [&](const auto&) { drained = true; });
    run(until(
        [this] { return broker_.ready().presence().state() == v1::Presence::STATE_DRAINING; }));
    core_->report(v1::Presence::STATE_READY, "");
    EXPECT_EQ(answer_to(call("dice.roll", "1-2")).status(), v1::Reply::NO_ROUTE);
    EXPECT_FALSE(drained);
    let_rest();
    EXPECT_EQ(next_answer().id(), "1-1");
    EXPECT_FALSE(drained);
    broker_.answer(last_request_, v1::Reply::OK);
    run(until([&] { return drained; }));
    EXPECT_EQ(broker_.ready().presence().state(), v1::Presence::STATE_DRAINING);
}

TEST_F(AnswersTest, LeavesItsCallerCancelledWhenItIsStopped) {
    // As in a connector that does nothing else: it is not to be started again.
    int lost = 0;
    bool ended = false;
    const auto serve_more = [this] { return core_->answers().serve("dice.spin", done); };
    const auto count = [&lost](const auto&... /*why*/) { ++lost; };
    auto job = keep_running(real_clock_, Backoff({}), limit, serve_more, count);
    auto& stop = core_->start(std::move(job), [&](const auto&) { ended = true; });
    run(broker_.until_said("dice.spin"));
    stop.emit(asio::cancellation_type::terminal);
    run(until([&] { return ended; }));
    EXPECT_EQ(lost, 0);
}

TEST_F(AnswersTest, AnswersAVerbOnlyOnce) {
    EXPECT_THROW(run(core_->answers().serve("dice.roll", done)), std::logic_error);
}

/// The caller's side.
class CallTest : public ::testing::Test {
  protected:
    asio::awaitable<void> call() {
        constexpr seconds deadline{10};
        auto request = request_of("dice.roll");
        reply_ = co_await bus_.call(std::move(request), deadline);
    }
    asio::awaitable<void> play() {
        const auto request = co_await broker_.next();
        told_ = request.deadline_ms();
        if (answers_) broker_.answer(request, v1::Reply::OK);
        if (!answers_) clock_.jump(seconds(10));
    }
    void run() {
        using asio::experimental::awaitable_operators::operator&&;
        run_to_end(io_, within(real_clock_, limit, "end of the call", call() && play()));
    }

    asio::io_context io_{1};
    SystemClock real_clock_;
    testing::MovedClock clock_;
    PlayedBroker broker_{io_};
    Bus bus_{io_, broker_.endpoints(), clock_, Identity{}};
    bool answers_ = true;
    v1::Reply reply_;
    std::uint64_t told_ = 0;
};

TEST_F(CallTest, TellsTheBrokerADeadlineThatEndsBeforeItsOwn) {
    run();
    EXPECT_EQ(reply_.status(), v1::Reply::OK);
    EXPECT_EQ(told_, 9750u);
}

TEST_F(CallTest, IsUnknownWhereTheBrokerSaysNothing) {
    answers_ = false;
    run();
    EXPECT_EQ(reply_.status(), v1::Reply::UNKNOWN);
    EXPECT_EQ(reply_.code(), "no_answer");
}

TEST_F(CallTest, RefusesToAnswerWhatIsNotDeclared) {
    EXPECT_THROW(static_cast<void>(bus_.answer("dice.roll", done)), std::logic_error);
}

}  // namespace
}  // namespace coven
