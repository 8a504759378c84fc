// What callers get; call_turns_test.cpp has turns, deadlines and losses.
#include "call_samples.hpp"

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

using CallTableTest = CallTest;

TEST_F(CallTableTest, ACallGoesToWhoAnswersIt) {
    auto wanted = request("1");
    wanted.set_priority(3);
    const auto work = accept(wanted);
    ASSERT_EQ(dispatched(work), "chat-1:7-1 ");
    const auto& sent = work.dispatches[0].request;
    EXPECT_EQ(sent.deadline_ms(), 10'000u);
    EXPECT_EQ(sent.priority(), 3);
    EXPECT_EQ(sent.payload().value(), "hello");
    EXPECT_TRUE(work.stores.empty());
}

TEST_F(CallTableTest, TheReplyGoesToTheCallerUnderTheIdOfTheRequest) {
    accept(request("my id"));
    const auto work = finish("7-1", v1::Reply::OK);
    EXPECT_EQ(answer(work), "OK ");
    EXPECT_EQ(work.answers[0].reply.id(), "my id");
    EXPECT_EQ(work.answers[0].envelope, "from my id");
    EXPECT_EQ(table_.size(), 0u);
    EXPECT_FALSE(table_.next_deadline());
}

TEST_F(CallTableTest, AKeyIsStoredBeforeTheCallIsHandedOver) {
    const auto accepted = accept(request("1", "key"), "user");
    EXPECT_EQ(dispatched(accepted), "");
    ASSERT_EQ(accepted.stores.size(), 1u);
    const auto& record = accepted.stores[0];
    EXPECT_EQ(record.call_id(), "7-1");
    EXPECT_EQ(key_of(record), key_of("user", request("1", "key")));
    EXPECT_EQ(record.payload_hash(), payload_hash(request("1")));
    EXPECT_EQ(record.handed_us(), now_.unix_us);
    EXPECT_FALSE(record.has_outcome());
    EXPECT_EQ(dispatched(table_.stored("7-1", now_)), "chat-1:7-1 ");
    EXPECT_EQ(dispatched(table_.stored("7-1", now_)), "");
}

TEST_F(CallTableTest, TheOutcomeOfAKeyIsStored) {
    call(request("1", "key"));
    const auto work = finish("7-1", v1::Reply::FAILED, "channel_unknown");
    ASSERT_EQ(work.stores.size(), 1u);
    EXPECT_EQ(work.stores[0].outcome().code(), "channel_unknown");
    EXPECT_EQ(work.stores[0].outcome().id(), "");
    EXPECT_EQ(work.stores[0].ended_us(), now_.unix_us);
}

TEST_F(CallTableTest, AHundredEqualKeysAtOnceRunOnce) {
    std::size_t dispatches = 0;
    for (int i = 0; i < 100; ++i) {
        dispatches += call(request(std::to_string(i), "key")).dispatches.size();
    }
    EXPECT_EQ(dispatches, 1u);
    EXPECT_EQ(table_.size(), 1u);
    const auto work = finish("7-1", v1::Reply::OK);
    ASSERT_EQ(work.answers.size(), 100u);
    for (std::size_t i = 0; i < 100; ++i) {
        EXPECT_EQ(work.answers[i].reply.id(), std::to_string(i));
        EXPECT_EQ(work.answers[i].envelope, "from " + std::to_string(i));
    }
    EXPECT_FALSE(table_.next_deadline());
}

TEST_F(CallTableTest, AFinishedKeyIsAnsweredFromMemoryForADay) {
    call(request("1", "key"));
    finish("7-1", v1::Reply::FAILED, "channel_unknown");
    now_.unix_us += 86'399'999'999;
    const auto again = call(request("2", "key"));
    EXPECT_EQ(answer(again), "FAILED channel_unknown");
    EXPECT_EQ(again.answers[0].reply.id(), "2");
    now_.unix_us += 1;
    const auto anew = accept(request("3", "key"));
    EXPECT_EQ(anew.forgotten, std::vector<std::string>{"7-1"});
    EXPECT_EQ(anew.stores.size(), 1u);
}

TEST_F(CallTableTest, AKeyIsOneOfAUserAVerbAndATarget) {
    routes_.hear([] {
        auto both = ready("chat-1");
        both.add_verbs("chat.delete");
        return both;
    }());
    accept(request("1", "key"), "user");
    auto verb = request("2", "key");
    verb.set_verb("chat.delete");
    auto target = request("3", "key");
    target.set_target("forsen");
    EXPECT_EQ(accept(verb, "user").stores.size(), 1u);
    EXPECT_EQ(accept(target, "user").stores.size(), 1u);
    EXPECT_EQ(accept(request("4", "key"), "other").stores.size(), 1u);
    EXPECT_EQ(accept(request("5", "key"), "user").stores.size(), 0u);
    EXPECT_EQ(table_.size(), 4u);
}

TEST_F(CallTableTest, AKeyWithAnotherPayloadIsRejected) {
    call(request("1", "key"));
    EXPECT_EQ(answer(call(request("2", "key", "bye"))), "REJECTED key_reused");
    finish("7-1", v1::Reply::OK);
    EXPECT_EQ(answer(call(request("3", "key", "bye"))), "REJECTED key_reused");
}

TEST_F(CallTableTest, WithoutAKeyEachRequestIsACall) {
    EXPECT_EQ(dispatched(accept(request("1"))), "chat-1:7-1 ");
    EXPECT_EQ(dispatched(accept(request("1"))), "chat-1:7-2 ");
}

TEST_F(CallTableTest, WhoAnswersWhatIsSaidWhereNobodyDoes) {
    auto wanted = request("1", "key");
    wanted.set_verb("chat.sing");
    const auto work = accept(wanted);
    EXPECT_EQ(answer(work), "NO_ROUTE no_connector");
    EXPECT_EQ(work.answers[0].reply.message(),
              "no connector answers 'chat.sing' for 'xqc': nobody answers 'chat.sing', only "
              "chat.send");
    auto at_large = request("2");
    at_large.set_verb("chat.sing");
    at_large.clear_target();
    EXPECT_EQ(accept(at_large).answers[0].reply.message(),
              "no connector answers 'chat.sing': nobody answers 'chat.sing', only chat.send");
}

TEST_F(CallTableTest, RefusesWhatIsMalformed) {
    EXPECT_EQ(answer(accept(request("1", std::string(201, 'k')))), "REJECTED request_malformed");
    auto wanted = request("2");
    wanted.set_target(std::string(65, 't'));
    EXPECT_EQ(answer(accept(wanted)), "REJECTED request_malformed");
}

TEST_F(CallTableTest, ThereAreNoMoreThanTenThousandCallers) {
    for (std::size_t i = 0; i < CallTable::max_callers; ++i) {
        ASSERT_TRUE(accept(request("1", i % 2 == 0 ? "key" : "")).answers.empty());
    }
    EXPECT_EQ(answer(accept(request("2"))), "RATE_LIMITED too_many_calls");
    const auto joining = accept(request("3", "key"));
    EXPECT_EQ(answer(joining), "RATE_LIMITED too_many_calls");
    EXPECT_EQ(joining.answers[0].reply.retry_after_ms(), 1000u);
    now_.instant += 10s;
    EXPECT_EQ(table_.expire(now_).answers.size(), CallTable::max_callers);
    EXPECT_TRUE(accept(request("4")).answers.empty());
}

TEST_F(CallTableTest, NoMoreThan64MiBWaitForTheirTurn) {
    const auto big = request("1", "", std::string(std::size_t{1} << 20, 'x'));
    std::size_t accepted = 0;
    while (accept(big).answers.empty()) ++accepted;
    EXPECT_EQ(accepted, CallQueue::most_at_once + 63);
    EXPECT_EQ(answer(accept(big)), "RATE_LIMITED too_many_calls");
    finish("7-1", v1::Reply::OK);
    EXPECT_TRUE(accept(big).answers.empty());
}

TEST_F(CallTableTest, TakesNoKeyThatItCouldNotRemember) {
    auto long_one = reply(v1::Reply::OK);
    long_one.mutable_payload()->set_value(std::string(CallMemory::max_outcome_bytes - 100, 'x'));
    std::string last;
    for (int i = 1; i < 10'000 && last.empty(); ++i) {
        const auto work = call(request("1", "key-" + std::to_string(i)));
        if (!work.answers.empty()) last = answer(work);
        table_.finished("7-" + std::to_string(i), long_one, now_);
    }
    EXPECT_EQ(last, "RATE_LIMITED too_many_keys");
    EXPECT_EQ(accept(request("2")).dispatches.size(), 1u);
    EXPECT_EQ(answer(accept(request("3", "key-1"))), "OK ");
}

TEST_F(CallTableTest, WhatTheConnectorHasNotBegunLeavesTheKeyFree) {
    int number = 0;
    for (const auto status : {v1::Reply::EXPIRED, v1::Reply::NO_ROUTE, v1::Reply::RATE_LIMITED}) {
        const auto id = "7-" + std::to_string(++number);
        ASSERT_EQ(dispatched(call(request("1", "key"))), "chat-1:" + id + " ");
        const auto work = finish(id, status);
        EXPECT_EQ(work.answers.size(), 1u);
        EXPECT_EQ(work.forgotten, std::vector<std::string>{id});
        EXPECT_TRUE(work.stores.empty());
    }
}

TEST_F(CallTableTest, AnAnswerWithoutAnEndChangesNothing) {
    call(request("1", "key"));
    EXPECT_TRUE(finish("7-1", v1::Reply::ACCEPTED).answers.empty());
    EXPECT_TRUE(finish("7-2", v1::Reply::OK).answers.empty());
    EXPECT_TRUE(finish("6-1", v1::Reply::OK).answers.empty());
    EXPECT_TRUE(finish("7-1x", v1::Reply::OK).answers.empty());
    EXPECT_EQ(answer(finish("7-1", v1::Reply::STATUS_UNSPECIFIED)), "UNKNOWN reply_malformed");
}

TEST_F(CallTableTest, WhatCannotBeStoredIsNotTried) {
    accept(request("1", "key"));
    const auto work = table_.not_stored("7-1", reply(v1::Reply::FAILED, "not_stored"), now_);
    EXPECT_EQ(answer(work), "FAILED not_stored");
    EXPECT_EQ(dispatched(table_.stored("7-1", now_)), "");
    EXPECT_EQ(dispatched(call(request("2", "key"))), "chat-1:7-2 ");
    EXPECT_TRUE(table_.not_stored("7-2", reply(v1::Reply::FAILED), now_).answers.empty());
}

TEST_F(CallTableTest, AfterARestartAKeyIsWhatTheStoreHasKept) {
    const auto handed = accept(request("1", "key")).stores.at(0);
    table_.stored("7-1", now_);
    CallTable later(8, routes_);
    EXPECT_TRUE(later.restore(handed.SerializeAsString()));
    EXPECT_EQ(answer(later.accept(request("2", "key"), {}, now_)), "UNKNOWN broker_restarted");
    const auto late = later.finished("7-1", reply(v1::Reply::OK), now_);
    ASSERT_EQ(late.stores.size(), 1u);
    EXPECT_EQ(answer(later.accept(request("3", "key"), {}, now_)), "OK ");
    CallTable latest(9, routes_);
    EXPECT_TRUE(latest.restore(late.stores[0].SerializeAsString()));
    EXPECT_EQ(answer(latest.accept(request("4", "key"), {}, now_)), "OK ");
}

}  // namespace
}  // namespace coven::broker
