// Turns, deadlines, losses.
#include "call_samples.hpp"

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

class CallTurnsTest : public CallTest {
  protected:
    /// Calls 7-1 to 7-16 have all places of chat-1 for five minutes.
    void fill() {
        auto filling = request("fill");
        filling.set_deadline_ms(300'000);
        for (std::size_t i = 0; i < CallQueue::most_at_once; ++i) {
            ASSERT_EQ(accept(filling).dispatches.size(), 1u);
        }
    }
};

TEST_F(CallTurnsTest, AConnectorHasSixteenCallsAtOnce) {
    fill();
    EXPECT_EQ(dispatched(accept(request("1"))), "");
    EXPECT_EQ(dispatched(finish("7-3", v1::Reply::OK)), "chat-1:7-17 ");
}

TEST_F(CallTurnsTest, TheOthersWaitInOrderOfPriorityThenOfAge) {
    fill();
    for (const int priority : {0, 5, -1, 5}) {
        auto waiting = request("1");
        waiting.set_priority(priority);
        accept(waiting);
    }
    std::string order;
    for (int i = 1; i <= 4; ++i) {
        order += dispatched(finish("7-" + std::to_string(i), v1::Reply::OK));
    }
    EXPECT_EQ(order, "chat-1:7-18 chat-1:7-20 chat-1:7-17 chat-1:7-19 ");
}

TEST_F(CallTurnsTest, AFullConnectorHoldsUpNoOther) {
    fill();
    routes_.hear(ready("chat-2", v1::Presence::STATE_READY, "forsen"));
    auto other = request("1");
    other.set_target("forsen");
    EXPECT_EQ(dispatched(accept(other)), "chat-2:7-17 ");
}

TEST_F(CallTurnsTest, ADeadlineIsTenSecondsOrWhatIsAskedUpToFiveMinutes) {
    const std::pair<std::uint64_t, Duration> rows[] = {
        {0, 10s}, {1, 1ms}, {5000, 5s}, {300'000, 5min}, {300'001, 5min}, {~0ull, 5min}};
    for (const auto& [asked, expected] : rows) {
        CallTable table(1, routes_);
        auto wanted = request("1");
        wanted.set_deadline_ms(asked);
        table.accept(wanted, {}, now_);
        EXPECT_EQ(table.next_deadline(), now_.instant + expected) << asked;
    }
}

TEST_F(CallTurnsTest, AConnectorIsToldWhatIsLeftOfTheDeadline) {
    fill();
    accept(request("1"));
    now_.instant += 3500ms;
    const auto work = finish("7-1", v1::Reply::OK);
    ASSERT_EQ(work.dispatches.size(), 1u);
    EXPECT_EQ(work.dispatches[0].request.deadline_ms(), 6500u);
}

TEST_F(CallTurnsTest, WhatWaitsPastItsDeadlineIsExpiredAndNeverTried) {
    fill();
    accept(request("1", "key"));
    EXPECT_EQ(table_.next_deadline(), now_.instant + 10s);
    now_.instant += 9999ms;
    EXPECT_TRUE(table_.expire(now_).answers.empty());
    now_.instant += 1ms;
    const auto work = table_.expire(now_);
    EXPECT_EQ(answer(work), "EXPIRED deadline_passed");
    EXPECT_TRUE(work.stores.empty());
    EXPECT_EQ(dispatched(finish("7-1", v1::Reply::OK)), "");
    EXPECT_EQ(dispatched(call(request("2", "key"))), "chat-1:7-18 ");
}

TEST_F(CallTurnsTest, APlaceThatBecomesFreeAfterTheDeadlineIsTooLate) {
    fill();
    accept(request("1"));
    now_.instant += 10s;
    const auto work = finish("7-1", v1::Reply::OK);
    EXPECT_EQ(dispatched(work), "");
    ASSERT_EQ(work.answers.size(), 2u);
    EXPECT_EQ(work.answers[1].reply.status(), v1::Reply::EXPIRED);
}

TEST_F(CallTurnsTest, WhatIsStoredAfterTheDeadlineIsNeverTried) {
    accept(request("1", "key"));
    now_.instant += 10s;
    const auto work = table_.stored("7-1", now_);
    EXPECT_EQ(answer(work), "EXPIRED deadline_passed");
    EXPECT_EQ(dispatched(work), "");
    EXPECT_EQ(work.forgotten, std::vector<std::string>{"7-1"});
}

TEST_F(CallTurnsTest, WhatIsNotAnsweredByItsDeadlineIsUnknownAndNeverTriedAgain) {
    call(request("1", "key"));
    now_.instant += 10s;
    const auto work = table_.expire(now_);
    EXPECT_EQ(answer(work), "UNKNOWN deadline_passed");
    ASSERT_EQ(work.stores.size(), 1u);
    EXPECT_EQ(work.stores[0].outcome().status(), v1::Reply::UNKNOWN);
    const auto again = call(request("2", "key"));
    EXPECT_EQ(answer(again), "UNKNOWN deadline_passed");
    EXPECT_EQ(dispatched(again), "");
}

TEST_F(CallTurnsTest, ALateAnswerIsWhatTheKeySaysFromThenOn) {
    call(request("1", "key"));
    now_.instant += 10s;
    table_.expire(now_);
    const auto late = finish("7-1", v1::Reply::OK);
    EXPECT_TRUE(late.answers.empty());
    ASSERT_EQ(late.stores.size(), 1u);
    EXPECT_EQ(late.stores[0].outcome().status(), v1::Reply::OK);
    EXPECT_EQ(answer(call(request("2", "key"))), "OK ");
    EXPECT_TRUE(finish("7-1", v1::Reply::FAILED).stores.empty());
}

TEST_F(CallTurnsTest, APlaceIsFreeAtTheDeadline) {
    fill();
    auto waiting = request("1");
    waiting.set_deadline_ms(300'000);
    now_.instant += 1s;
    accept(waiting);
    now_.instant += 299s;
    EXPECT_EQ(dispatched(table_.expire(now_)), "chat-1:7-17 ");
}

TEST_F(CallTurnsTest, WhoJoinsWaitsNoLongerThanItsOwnDeadline) {
    call(request("1", "key"));
    auto hasty = request("2", "key");
    hasty.set_deadline_ms(2000);
    call(hasty);
    EXPECT_EQ(table_.next_deadline(), now_.instant + 2s);
    now_.instant += 2s;
    const auto work = table_.expire(now_);
    EXPECT_EQ(answer(work), "UNKNOWN deadline_passed");
    EXPECT_EQ(work.answers[0].reply.id(), "2");
    EXPECT_EQ(answer(finish("7-1", v1::Reply::OK)), "OK ");
}

TEST_F(CallTurnsTest, WhatALostConnectorHadIsUnknown) {
    call(request("1", "key"));
    call(request("2", "key"));
    accept(request("3"));
    routes_.remove(first_);
    const auto work = table_.lost(first_, now_);
    ASSERT_EQ(work.answers.size(), 3u);
    for (const auto& [envelope, reply] : work.answers) {
        EXPECT_EQ(reply.status(), v1::Reply::UNKNOWN);
        EXPECT_EQ(reply.code(), "connector_lost");
    }
    EXPECT_EQ(work.stores.size(), 1u);
    EXPECT_EQ(finish("7-1", v1::Reply::OK).stores.size(), 1u);
}

TEST_F(CallTurnsTest, WhatWaitedForALostConnectorGoesToTheNext) {
    fill();
    accept(request("1"));
    hear("chat-2");
    EXPECT_EQ(dispatched(table_.expire(now_)), "chat-2:7-17 ");
    accept(request("2", "key"));
    routes_.remove({"chat", "chat-2"});
    const auto work = table_.lost({"chat", "chat-2"}, now_);
    EXPECT_EQ(answer(work), "UNKNOWN connector_lost");
    EXPECT_EQ(dispatched(table_.stored("7-18", now_)), "");
    EXPECT_EQ(finish("7-1", v1::Reply::OK).stores.at(0).instance(), "chat-1");
    EXPECT_EQ(dispatched(table_.stored("7-18", now_)), "chat-1:7-18 ");
}

TEST_F(CallTurnsTest, ADrainingConnectorGetsNoNewCallsAndFinishesWhatItHas) {
    fill();
    accept(request("1"));
    hear("chat-1", v1::Presence::STATE_DRAINING);
    EXPECT_EQ(answer(table_.expire(now_)), "NO_ROUTE no_connector");
    EXPECT_EQ(answer(accept(request("2"))), "NO_ROUTE no_connector");
    EXPECT_EQ(answer(finish("7-1", v1::Reply::OK)), "OK ");
}

TEST_F(CallTurnsTest, WhatIsStoredWhenItsConnectorDrainsGoesToAnother) {
    accept(request("1", "key"));
    accept(request("2", "other key"));
    hear("chat-1", v1::Presence::STATE_DRAINING);
    const auto refused = table_.stored("7-1", now_);
    EXPECT_EQ(answer(refused), "NO_ROUTE no_connector");
    EXPECT_EQ(refused.forgotten, std::vector<std::string>{"7-1"});
    hear("chat-2");
    const auto again = table_.stored("7-2", now_);
    EXPECT_EQ(dispatched(again), "") << "the store has to know who gets it";
    EXPECT_EQ(again.stores.at(0).instance(), "chat-2");
    EXPECT_EQ(dispatched(table_.stored("7-2", now_)), "chat-2:7-2 ");
}

TEST_F(CallTurnsTest, WhatCouldNotBeSentGoesToTheNextConnector) {
    hear("chat-2");
    auto work = call(request("1", "key"));
    ASSERT_EQ(dispatched(work), "chat-2:7-1 ");
    EXPECT_EQ(table_.handed_over(), 1u);
    routes_.lose_touch({"chat", "chat-2"});
    work = table_.not_handed(work.dispatches[0].request, now_);
    EXPECT_EQ(work.stores.at(0).instance(), "chat-1");
    EXPECT_EQ(table_.handed_over(), 0u);
    work = table_.stored("7-1", now_);
    EXPECT_EQ(dispatched(work), "chat-1:7-1 ");
    EXPECT_EQ(work.dispatches[0].request.payload().value(), "hello");
    EXPECT_EQ(table_.connector_of("7-1"), first_);
}

TEST_F(CallTurnsTest, WhatCouldNotBeSentToAnybodyHasNoRouteAndItsKeyIsFree) {
    const auto sent = call(request("1", "key"));
    routes_.lose_touch(first_);
    const auto work = table_.not_handed(sent.dispatches.at(0).request, now_);
    EXPECT_EQ(answer(work), "NO_ROUTE no_connector");
    EXPECT_EQ(work.forgotten, std::vector<std::string>{"7-1"});
    EXPECT_EQ(table_.connector_of("7-1"), std::nullopt);
    EXPECT_EQ(table_.size(), 0u);
    hear("chat-1");
    EXPECT_EQ(dispatched(call(request("2", "key"))), "chat-1:7-2 ");
}

TEST_F(CallTurnsTest, WhatCouldNotBeSentAndHasEndedSinceIsOver) {
    const auto sent = call(request("1", "key"));
    table_.lost(first_, now_);
    routes_.lose_touch(first_);
    EXPECT_TRUE(table_.not_handed(sent.dispatches.at(0).request, now_).answers.empty());
    EXPECT_EQ(answer(call(request("2", "key"))), "UNKNOWN connector_lost");
}

TEST_F(CallTurnsTest, WhoMayAnswerIsWhoHasItOrHadIt) {
    EXPECT_EQ(table_.connector_of("7-1"), std::nullopt);
    accept(request("1", "key"));
    EXPECT_EQ(table_.connector_of("7-1"), std::nullopt) << "it is not stored yet";
    table_.stored("7-1", now_);
    EXPECT_EQ(table_.connector_of("7-1"), first_);
    const auto ended = finish("7-1", v1::Reply::OK);
    EXPECT_EQ(table_.connector_of("7-1"), first_);
    CallTable later(8, routes_);
    EXPECT_TRUE(later.restore(ended.stores.at(0).SerializeAsString()));
    EXPECT_EQ(later.connector_of("7-1"), first_);
}

TEST_F(CallTurnsTest, CountsHowCallsEnded) {
    call(request("1"));
    call(request("2"));
    finish("7-1", v1::Reply::OK);
    table_.lost(first_, now_);
    const CallTable::Ended expected = {{v1::Reply::OK, 1}, {v1::Reply::UNKNOWN, 1}};
    EXPECT_EQ(table_.ended(), expected);
    EXPECT_EQ(table_.handed_over(), 0u);
}

}  // namespace
}  // namespace coven::broker
