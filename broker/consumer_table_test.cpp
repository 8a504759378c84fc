#include "consumer_table.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

class ConsumerTableTest : public testing::Test {
  protected:
    std::string open(const v1::ConsumerOpenRequest& request) {
        opened_.Clear();
        const auto refused = table_.open(request, stream(), now_, opened_);
        return refused ? refused->code : "";
    }
    std::string open(const std::string& name) {
        v1::ConsumerOpenRequest request;
        request.set_name(name);
        return open(request);
    }
    std::string ack(std::uint64_t epoch, std::uint64_t offset, std::uint64_t generation = 1) {
        v1::ConsumerAckRequest request;
        request.set_name("logger");
        request.mutable_position()->set_bus_epoch(epoch);
        request.mutable_position()->set_offset(offset);
        request.set_generation(generation);
        const auto refused = table_.ack(request, stream(), now_);
        return refused ? refused->code : "";
    }
    ConsumerTable::Stream stream() const { return {epochs_, head_, committed_}; }
    std::uint64_t position() const { return table_.list(100'000).consumers(0).position().offset(); }

    Moment now_{Instant(std::chrono::seconds(1000)), 7'000'000};
    Epochs epochs_{{20, 101}};
    std::uint64_t head_ = 150;
    std::uint64_t committed_ = 140;
    v1::ConsumerOpened opened_;
    ConsumerTable table_;
};

TEST_F(ConsumerTableTest, ANewOneBeginsAtTheNewestEvent) {
    EXPECT_EQ(open("logger"), "");
    EXPECT_TRUE(opened_.created());
    EXPECT_EQ(opened_.generation(), 1u);
    EXPECT_EQ(opened_.position().bus_epoch(), 20u);
    EXPECT_EQ(opened_.position().offset(), 150u);
}

TEST_F(ConsumerTableTest, ANewOneBeginsWhereItSays) {
    epochs_.set_stored({{10, 1}});
    v1::ConsumerOpenRequest request;
    request.set_name("old");
    request.mutable_oldest();
    EXPECT_EQ(open(request), "");
    EXPECT_EQ(opened_.position().bus_epoch(), 10u);
    EXPECT_EQ(opened_.position().offset(), 0u);
    request.set_name("after");
    request.mutable_after()->set_bus_epoch(10);
    request.mutable_after()->set_offset(70);
    EXPECT_EQ(open(request), "");
    EXPECT_EQ(opened_.position().offset(), 70u);
    request.set_name("future");
    request.mutable_after()->set_bus_epoch(21);
    EXPECT_EQ(open(request), "position_unknown");
    EXPECT_EQ(table_.size(), 2u);
}

TEST_F(ConsumerTableTest, GoesOnAfterWhatWasAcknowledged) {
    open("logger");
    committed_ = 200;
    EXPECT_EQ(ack(20, 180), "");
    EXPECT_EQ(open("logger"), "");
    EXPECT_FALSE(opened_.created());
    EXPECT_EQ(opened_.position().offset(), 180u);
    EXPECT_EQ(opened_.generation(), 2u);
}

TEST_F(ConsumerTableTest, ASecondOpenFencesTheFirstOff) {
    open("logger");
    open("logger");
    committed_ = 200;
    EXPECT_EQ(ack(20, 160, 1), "fenced");
    EXPECT_EQ(ack(20, 160, 3), "fenced");
    EXPECT_EQ(ack(20, 160, 2), "");
}

TEST_F(ConsumerTableTest, NothingIsAcknowledgedThatIsNotCommitted) {
    open("logger");
    EXPECT_EQ(ack(20, 141), "not_committed");
    EXPECT_EQ(ack(21, 1), "not_committed");
    EXPECT_EQ(position(), 150u);
    committed_ = 160;
    EXPECT_EQ(ack(20, 160), "");
    EXPECT_EQ(position(), 160u);
}

TEST_F(ConsumerTableTest, NeverGoesBack) {
    open("logger");
    committed_ = 200;
    ack(20, 200);
    EXPECT_EQ(ack(20, 10), "");
    EXPECT_EQ(position(), 200u);
}

TEST_F(ConsumerTableTest, WhatWasSeenInAnEndedEpochCountsToItsEnd) {
    epochs_.set_stored({{10, 1}});
    v1::ConsumerOpenRequest request;
    request.set_name("logger");
    request.mutable_oldest();
    open(request);
    EXPECT_EQ(ack(10, 999), "");
    EXPECT_EQ(epochs_.offset_of(table_.list(1000).consumers(0).position()), 100u);
    EXPECT_EQ(ack(20, 101), "");
    EXPECT_EQ(position(), 101u);
}

TEST_F(ConsumerTableTest, RefusesWhatIsMalformed) {
    EXPECT_EQ(open(""), "consumer_malformed");
    EXPECT_EQ(open("My Logger"), "consumer_malformed");
    v1::ConsumerOpenRequest request;
    request.set_name("logger");
    request.add_patterns("twitch..chat");
    EXPECT_EQ(open(request), "consumer_malformed");
    request.clear_patterns();
    for (int i = 0; i < 101; ++i) request.add_patterns("a.>");
    EXPECT_EQ(open(request), "consumer_malformed");
    EXPECT_EQ(ack(20, 1), "consumer_unknown");
    EXPECT_EQ(table_.size(), 0u);
}

TEST_F(ConsumerTableTest, ThereAreNoMoreThanTenThousand) {
    for (std::size_t i = 0; i < ConsumerTable::max_consumers; ++i) {
        ASSERT_EQ(open("c-" + std::to_string(i)), "");
    }
    EXPECT_EQ(open("logger"), "too_many_consumers");
    EXPECT_EQ(open("c-7"), "");
    EXPECT_FALSE(table_.remove("c-7"));
    EXPECT_EQ(open("logger"), "");
    EXPECT_EQ(table_.remove("c-7")->code, std::string("consumer_unknown"));
    EXPECT_LE(table_.list(5000).ByteSizeLong(), 5000u);
}

TEST_F(ConsumerTableTest, IsWhatTheStoreHasKept) {
    open("logger");
    committed_ = 200;
    ack(20, 170);
    ConsumerTable later;
    EXPECT_TRUE(later.restore("logger", table_.stored("logger")));
    EXPECT_EQ(later.list(1000).SerializeAsString(), table_.list(1000).SerializeAsString());
    EXPECT_FALSE(later.restore("other", table_.stored("logger")));
    EXPECT_FALSE(later.restore("logger", "garbage\xff"));
}

}  // namespace
}  // namespace coven::broker
