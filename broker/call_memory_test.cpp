#include "call_memory.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "replies.hpp"

namespace coven::broker {
namespace {

constexpr std::uint64_t day_us = 86'400'000'000;

v1::StoredCall call(const std::string& id, const std::string& key) {
    v1::StoredCall call;
    call.set_call_id(id);
    call.set_verb("chat.send");
    call.set_idempotency_key(key);
    call.set_handed_us(5'000'000);
    return call;
}

CallKey key(const std::string& text) { return {"", "chat.send", "", text}; }

class CallMemoryTest : public testing::Test {
  protected:
    v1::Reply::Status status(const std::string& text) const {
        const auto* found = memory_.find(key(text));
        return found == nullptr ? v1::Reply::STATUS_UNSPECIFIED : found->outcome().status();
    }
    static v1::Reply reply(v1::Reply::Status status) { return reply_of(status, "code", "text"); }

    Moment now_{Instant(), 7'000'000};
    CallMemory memory_;
};

TEST_F(CallMemoryTest, AnOutcomeIsKeptForADay) {
    memory_.keep(call("1-1", "a"), ok(), now_);
    now_.unix_us += day_us - 1;
    EXPECT_TRUE(memory_.forget_old(now_).empty());
    EXPECT_EQ(status("a"), v1::Reply::OK);
    now_.unix_us += 1;
    EXPECT_EQ(memory_.forget_old(now_), std::vector<std::string>{"1-1"});
    EXPECT_EQ(memory_.find(key("a")), nullptr);
    EXPECT_TRUE(memory_.forget_old(now_).empty());
}

TEST_F(CallMemoryTest, ALateAnswerTurnsUnknownIntoOkOrFailed) {
    const std::pair<v1::Reply::Status, v1::Reply::Status> rows[] = {
        {v1::Reply::OK, v1::Reply::OK},
        {v1::Reply::FAILED, v1::Reply::FAILED},
        {v1::Reply::REJECTED, v1::Reply::FAILED},
        {v1::Reply::RATE_LIMITED, v1::Reply::FAILED},
        {v1::Reply::EXPIRED, v1::Reply::FAILED},
        {v1::Reply::ACCEPTED, v1::Reply::UNKNOWN},
        {v1::Reply::UNKNOWN, v1::Reply::UNKNOWN},
        {v1::Reply::STATUS_UNSPECIFIED, v1::Reply::UNKNOWN},
    };
    for (const auto& [late, expected] : rows) {
        CallMemory memory;
        memory.keep(call("1-1", "a"), reply(v1::Reply::UNKNOWN), now_);
        const bool changes = memory.settle("1-1", reply(late), now_) != nullptr;
        EXPECT_EQ(changes, expected != v1::Reply::UNKNOWN) << late;
        EXPECT_EQ(memory.find(key("a"))->outcome().status(), expected) << late;
    }
}

TEST_F(CallMemoryTest, AnOutcomeThatIsKnownNeverChanges) {
    memory_.keep(call("1-1", "a"), ok(), now_);
    EXPECT_EQ(memory_.settle("1-1", reply(v1::Reply::FAILED), now_), nullptr);
    EXPECT_EQ(memory_.settle("1-2", ok(), now_), nullptr);
    EXPECT_EQ(status("a"), v1::Reply::OK);
}

TEST_F(CallMemoryTest, ADayBeginsAgainWithALateAnswer) {
    memory_.keep(call("1-1", "a"), reply(v1::Reply::UNKNOWN), now_);
    now_.unix_us += day_us / 2;
    memory_.settle("1-1", ok(), now_);
    now_.unix_us += day_us - 1;
    EXPECT_TRUE(memory_.forget_old(now_).empty());
    EXPECT_EQ(status("a"), v1::Reply::OK);
}

TEST_F(CallMemoryTest, OfALongOutcomeStatusAndCodeAreKept) {
    auto long_one = reply(v1::Reply::FAILED);
    long_one.mutable_payload()->set_value(std::string(CallMemory::max_outcome_bytes, 'x'));
    const auto& kept = memory_.keep(call("1-1", "a"), long_one, now_).outcome();
    EXPECT_EQ(kept.status(), v1::Reply::FAILED);
    EXPECT_EQ(kept.code(), "code");
    EXPECT_LT(kept.ByteSizeLong(), 200u);
    long_one.set_code(std::string(101, 'c'));
    EXPECT_EQ(memory_.keep(call("1-2", "b"), long_one, now_).outcome().code(), "");
}

TEST_F(CallMemoryTest, IsFullUntilSomethingIsForgotten) {
    auto outcome = ok();
    outcome.mutable_payload()->set_value(std::string(CallMemory::max_outcome_bytes - 100, 'x'));
    int kept = 0;
    while (!memory_.is_full() && kept < 10'000) {
        const auto name = std::to_string(++kept);
        memory_.keep(call("1-" + name, name), outcome, now_);
    }
    EXPECT_LT(kept, 10'000);
    EXPECT_TRUE(memory_.is_full());
    now_.unix_us += day_us;
    memory_.forget_old(now_);
    EXPECT_FALSE(memory_.is_full());
}

TEST_F(CallMemoryTest, OneThatWasHandedOverAndHasNoOutcomeIsUnknownAfterARestart) {
    EXPECT_TRUE(memory_.restore(call("1-1", "a").SerializeAsString()));
    EXPECT_EQ(status("a"), v1::Reply::UNKNOWN);
    EXPECT_EQ(memory_.find(key("a"))->outcome().code(), "broker_restarted");
    EXPECT_EQ(memory_.find(key("a"))->ended_us(), 5'000'000u);
    EXPECT_NE(memory_.settle("1-1", ok(), now_), nullptr);
    EXPECT_EQ(status("a"), v1::Reply::OK);
}

TEST_F(CallMemoryTest, RestoresNothingThatIsNoRecord) {
    EXPECT_FALSE(memory_.restore("garbage\xff"));
    EXPECT_FALSE(memory_.restore(""));
    EXPECT_FALSE(memory_.restore(call("1-1", "").SerializeAsString()));
    EXPECT_TRUE(memory_.restore(call("1-1", "a").SerializeAsString()));
    EXPECT_FALSE(memory_.restore(call("1-1", "b").SerializeAsString()));
    EXPECT_FALSE(memory_.restore(call("1-2", "a").SerializeAsString()));
}

TEST_F(CallMemoryTest, ReadsTheGoldenVectors) {
    for (const auto& [name, expected] : {std::pair{"stored_call", v1::Reply::UNKNOWN},
                                         std::pair{"stored_call_ended", v1::Reply::FAILED}}) {
        std::ifstream file(std::string(COVEN_GOLDEN_FOLDER) + "/" + name + ".bin",
                           std::ios::binary);
        std::ostringstream bytes;
        bytes << file.rdbuf();
        CallMemory memory;
        ASSERT_TRUE(memory.restore(bytes.str())) << name;
        const auto* found =
            memory.find({"dashboard", "chat.send", "xqc", "0193532c-7b1a-7c3e-9d55-0a1b2c3d4e5f"});
        ASSERT_NE(found, nullptr) << name;
        EXPECT_EQ(found->outcome().status(), expected) << name;
        EXPECT_EQ(found->payload_hash(), 0xaf63bd4c8601b7dfu) << name;
    }
}

}  // namespace
}  // namespace coven::broker
