#include "producers.hpp"

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

class ProducersTest : public testing::Test {
  protected:
    static constexpr std::uint64_t id = 0xabc;

    std::optional<Drop> offer(std::uint64_t seq, std::uint64_t producer = id) {
        auto& mark = producers_.mark_of(producer, now_);
        const auto fault = producers_.check_order(mark, seq, now_);
        if (!fault) producers_.use_up(mark);
        return fault;
    }
    void refuse_next(Drop reason) { producers_.refuse(producers_.mark_of(id, now_), reason); }
    void store_refusals(std::uint64_t seq) { producers_.refusals_stored(id, seq); }
    /// Everything that is acked in one round.
    std::vector<v1::PublishAck> round(std::uint64_t settled, std::uint64_t head) {
        std::vector<v1::PublishAck> acks;
        producers_.start_round();
        std::size_t budget = 1000;
        while (const auto due = producers_.next_in_round(budget, settled, head, now_)) {
            acks.push_back(producers_.ack(*due, 1, now_));
        }
        return acks;
    }
    /// Everything that is answered at once.
    std::size_t urgent() {
        const auto ids = producers_.take_urgent();
        for (const auto producer : ids) producers_.ack(producer, 1, now_);
        return ids.size();
    }

    Moment now_{Instant(1000s), 1'000'000};
    Producers producers_{{3, 2}};
};

TEST_F(ProducersTest, AreTakenInOrderOnly) {
    EXPECT_FALSE(offer(1));
    EXPECT_FALSE(offer(2));
    EXPECT_EQ(offer(2), Drop::duplicate);
    EXPECT_EQ(offer(1), Drop::duplicate);
    EXPECT_EQ(offer(4), Drop::out_of_order);
    EXPECT_FALSE(offer(3));
    EXPECT_EQ(offer(0), Drop::seq_missing);
}

TEST_F(ProducersTest, UnknownOneThatDoesNotStartAtOneIsToldToGoBack) {
    EXPECT_EQ(offer(500), Drop::out_of_order);
    ASSERT_EQ(producers_.take_urgent(), std::vector<std::uint64_t>{id});
    const auto ack = producers_.ack(id, 7, now_);
    EXPECT_EQ(ack.bus_epoch(), 7u);
    EXPECT_EQ(ack.expected_seq(), 1u);
    EXPECT_EQ(ack.committed_seq(), 0u);
    EXPECT_FALSE(ack.stored());
}

TEST_F(ProducersTest, QuestionAboutAnUnknownOneIsAnsweredAndLeavesNoMark) {
    EXPECT_EQ(producers_.ack(99, 7, now_).expected_seq(), 1u);
    EXPECT_EQ(producers_.size(), 0u);
}

TEST_F(ProducersTest, AreAckedWhenTheOffsetIsSettledUnderWhichTheyWereStaged) {
    offer(1);
    offer(2);
    EXPECT_TRUE(round(0, 2).empty());
    offer(3);
    const auto acks = round(2, 3);
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 2u);
    EXPECT_EQ(acks[0].expected_seq(), 4u);
    EXPECT_TRUE(producers_.have_news());
    EXPECT_TRUE(round(2, 3).empty());
    ASSERT_EQ(round(3, 3).size(), 1u);
    EXPECT_FALSE(producers_.have_news());
}

TEST_F(ProducersTest, WhatATurnBringsIsStagedAtItsEnd) {
    offer(1);
    offer(2);
    producers_.stage(2);
    offer(3);
    producers_.stage(3);
    auto acks = round(2, 3);
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 2u);
    acks = round(3, 3);
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 3u);
}

TEST_F(ProducersTest, ACommitIsAcknowledgedUpToTheLastTurnThatItHolds) {
    for (std::uint64_t seq = 1; seq <= 20; ++seq) {
        offer(seq);
        producers_.stage(seq);
    }
    auto acks = round(3, 20);
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 3u);
    EXPECT_TRUE(round(3, 20).empty());
    acks = round(20, 20);
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 20u);
    EXPECT_FALSE(producers_.have_news());
}

TEST_F(ProducersTest, AreRestoredAsAJournalKnowsThem) {
    for (std::uint64_t seq = 1; seq <= 5; ++seq) offer(seq);
    offer(1, 77);
    producers_.forget_numbers();
    producers_.restore(id, 3, 1h, now_);
    producers_.restore(id, 2, 1h, now_);
    EXPECT_EQ(producers_.ack(id, 7, now_).expected_seq(), 4u);
    EXPECT_EQ(producers_.ack(id, 7, now_).committed_seq(), 3u);
    EXPECT_EQ(producers_.ack(77, 7, now_).expected_seq(), 1u);
    EXPECT_EQ(offer(3), Drop::duplicate);
    EXPECT_FALSE(offer(4));
}

TEST_F(ProducersTest, RefusedEventUsesUpItsNumberAndIsNamedOnceItIsCommitted) {
    offer(1);
    refuse_next(Drop::topic_malformed);
    EXPECT_FALSE(offer(3));
    EXPECT_EQ(producers_.ack(id, 1, now_).rejected_size(), 0);
    store_refusals(2);
    round(0, 2);
    const auto acks = round(2, 2);
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 3u);
    ASSERT_EQ(acks[0].rejected_size(), 1);
    EXPECT_EQ(acks[0].rejected(0).seq(), 2u);
    EXPECT_EQ(acks[0].rejected(0).reason(), "topic_malformed");
}

TEST_F(ProducersTest, RefusedNumberIsNotCommittedBeforeItIsStored) {
    offer(1);
    producers_.stage(1);
    refuse_next(Drop::topic_malformed);
    producers_.stage(1);
    refuse_next(Drop::topic_malformed);
    producers_.stage(1);
    EXPECT_EQ(round(1, 1).at(0).committed_seq(), 1u);
    EXPECT_TRUE(round(1, 1).empty());
    store_refusals(2);
    EXPECT_EQ(round(1, 1).at(0).committed_seq(), 2u);
    store_refusals(3);
    EXPECT_EQ(round(1, 1).at(0).committed_seq(), 3u);
}

TEST_F(ProducersTest, OnlyTheNewestRefusalsAreNamed) {
    for (int i = 0; i < 5; ++i) refuse_next(Drop::too_large);
    store_refusals(5);
    round(0, 0);
    round(0, 0);
    const auto later = producers_.ack(id, 1, now_);
    ASSERT_EQ(later.rejected_size(), 2);
    EXPECT_EQ(later.rejected(0).seq(), 4u);
    EXPECT_EQ(later.rejected(1).seq(), 5u);
}

TEST_F(ProducersTest, RepeatsAreAnsweredAtOnceButAtMostEveryFiftyMilliseconds) {
    offer(1);
    round(0, 1);
    round(1, 1);
    now_.instant += 1s;
    for (int i = 0; i < 100; ++i) offer(1);
    EXPECT_EQ(urgent(), 1u);
    EXPECT_TRUE(round(1, 1).empty());
    for (int i = 0; i < 100; ++i) offer(i % 2 == 0 ? 1 : 9);
    EXPECT_EQ(urgent(), 0u);
    now_.instant += 49ms;
    EXPECT_TRUE(round(1, 1).empty());
    EXPECT_TRUE(producers_.have_news());
    now_.instant += 1ms;
    EXPECT_EQ(round(1, 1).size(), 1u);
    EXPECT_FALSE(producers_.have_news());
}

TEST_F(ProducersTest, TheOneSilentLongestMakesRoom) {
    for (std::uint64_t producer = 1; producer <= 3; ++producer) offer(1, producer);
    offer(2, 1);
    offer(1, 4);
    EXPECT_EQ(producers_.size(), 3u);
    EXPECT_FALSE(offer(3, 1));
    EXPECT_EQ(offer(2, 2), Drop::out_of_order) << "it was forgotten";
}

TEST_F(ProducersTest, AreForgottenAfterADayOfSilence) {
    offer(1, 1);
    now_.instant += 1h;
    offer(1, 2);
    now_.instant += 23h - 1ms;
    producers_.forget_old(now_);
    EXPECT_EQ(producers_.size(), 2u);
    now_.instant += 1ms;
    producers_.forget_old(now_);
    EXPECT_EQ(producers_.size(), 1u);
    // A round passes over what is gone.
    EXPECT_TRUE(round(0, 2).empty());
    EXPECT_EQ(round(2, 2).size(), 1u);
}

TEST_F(ProducersTest, ARoundIsCutIntoPieces) {
    for (std::uint64_t producer = 1; producer <= 3; ++producer) offer(1, producer);
    producers_.start_round();
    std::size_t budget = 2;
    EXPECT_FALSE(producers_.next_in_round(budget, 0, 3, now_));
    EXPECT_EQ(budget, 0u);
    EXPECT_TRUE(producers_.in_round());
    budget = 2;
    EXPECT_FALSE(producers_.next_in_round(budget, 0, 3, now_));
    EXPECT_FALSE(producers_.in_round());
}

}  // namespace
}  // namespace coven::broker
