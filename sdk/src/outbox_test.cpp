#include "outbox.hpp"

#include <gtest/gtest.h>

#include "coven/event.hpp"

namespace coven {
namespace {

constexpr std::uint64_t me = 0x11;
constexpr std::uint64_t fresh = 0x22;

std::string next_frame(const Outbox& outbox) {
    v1::Event event;
    event.set_id("id");
    set_tail(event, outbox.producer_id(), outbox.next_seq());
    return std::string("a.topic") + '\0' + event.SerializeAsString();
}

Outbox with_events(int count) {
    Outbox outbox({}, me);
    for (int i = 0; i < count; ++i) outbox.add(next_frame(outbox));
    return outbox;
}

/// The producer_seq of each frame that is sent until there is no more.
std::vector<std::uint64_t> send_all(Outbox& outbox) {
    std::vector<std::uint64_t> sent;
    while (const auto* frame = outbox.unsent()) {
        sent.push_back(Event::parse(*frame)->message().producer_seq());
        outbox.mark_sent();
    }
    return sent;
}

v1::PublishAck ack(std::uint64_t epoch, std::uint64_t committed, std::uint64_t expected) {
    v1::PublishAck answer;
    answer.set_bus_epoch(epoch);
    answer.set_committed_seq(committed);
    answer.set_expected_seq(expected);
    return answer;
}

using Seqs = std::vector<std::uint64_t>;

TEST(Outbox, SendsEachEventOnceAndInOrder) {
    auto outbox = with_events(3);
    EXPECT_EQ(send_all(outbox), (Seqs{1, 2, 3}));
    EXPECT_EQ(send_all(outbox), Seqs{});
}

TEST(Outbox, KeepsWhatIsNotCommitted) {
    auto outbox = with_events(3);
    send_all(outbox);
    EXPECT_TRUE(outbox.acknowledge(ack(7, 2, 4), fresh).progress);
    EXPECT_EQ(outbox.size(), 1u);
    EXPECT_EQ(outbox.next_seq(), 4u);
    outbox.acknowledge(ack(7, 3, 4), fresh);
    EXPECT_TRUE(outbox.empty());
}

TEST(Outbox, CountsWhatIsAcknowledgedAndWhatIsSentAgain) {
    auto outbox = with_events(5);
    send_all(outbox);
    outbox.acknowledge(ack(7, 2, 6), fresh);
    EXPECT_EQ(outbox.acknowledged(), 2u);
    EXPECT_EQ(outbox.resent(), 0u);
    outbox.acknowledge(ack(8, 3, 4), fresh);
    EXPECT_EQ(outbox.acknowledged(), 3u);
    EXPECT_EQ(outbox.resent(), 2u);
    EXPECT_EQ(send_all(outbox), (Seqs{4, 5}));
    outbox.acknowledge(ack(9, 0, 1), fresh);
    EXPECT_EQ(outbox.resent(), 4u);
    EXPECT_EQ(outbox.acknowledged(), 3u);
}

TEST(Outbox, DoesNotGoBackForWhatIsOnItsWay) {
    auto outbox = with_events(5);
    send_all(outbox);
    const auto news = outbox.acknowledge(ack(7, 0, 2), fresh);
    EXPECT_FALSE(news.new_epoch);
    EXPECT_EQ(send_all(outbox), Seqs{});
}

TEST(Outbox, GoesBackToWhatANewEpochExpects) {
    auto outbox = with_events(5);
    send_all(outbox);
    outbox.acknowledge(ack(7, 2, 6), fresh);
    const auto news = outbox.acknowledge(ack(8, 2, 4), fresh);
    EXPECT_TRUE(news.new_epoch);
    EXPECT_FALSE(news.new_producer);
    EXPECT_EQ(send_all(outbox), (Seqs{4, 5}));
    // Once: the same answer again changes nothing.
    outbox.acknowledge(ack(8, 2, 4), fresh);
    EXPECT_EQ(send_all(outbox), Seqs{});
}

TEST(Outbox, GoesBackWhenThereWasNoProgress) {
    auto outbox = with_events(4);
    send_all(outbox);
    outbox.acknowledge(ack(7, 0, 3), fresh);
    outbox.expect_to_go_back();
    outbox.acknowledge(ack(7, 0, 3), fresh);
    EXPECT_EQ(send_all(outbox), (Seqs{3, 4}));
}

TEST(Outbox, StaysWhereItIsWhenTheAnswerShowsProgressAfterAll) {
    auto outbox = with_events(4);
    send_all(outbox);
    outbox.expect_to_go_back();
    outbox.acknowledge(ack(7, 1, 4), fresh);
    EXPECT_EQ(send_all(outbox), Seqs{});
}

TEST(Outbox, TakesANewNameWhenTheBrokerHasForgottenIt) {
    auto outbox = with_events(5);
    send_all(outbox);
    outbox.acknowledge(ack(7, 2, 6), fresh);
    const auto news = outbox.acknowledge(ack(8, 0, 1), fresh);
    EXPECT_TRUE(news.new_producer);
    EXPECT_EQ(outbox.producer_id(), fresh);
    EXPECT_EQ(outbox.next_seq(), 4u);
    for (std::uint64_t seq = 1; const auto* frame = outbox.unsent(); ++seq) {
        const auto event = Event::parse(*frame);
        ASSERT_TRUE(event.has_value());
        EXPECT_EQ(event->message().producer_id(), fresh);
        EXPECT_EQ(event->message().producer_seq(), seq);
        EXPECT_EQ(event->message().flags(), v1::EVENT_FLAG_MAYBE_DUPLICATE);
        EXPECT_EQ(event->id(), "id");
        outbox.mark_sent();
    }
}

TEST(Outbox, KeepsItsNameInANewEpochThatHasSeenNothingWhenNothingWasAcknowledged) {
    auto outbox = with_events(2);
    send_all(outbox);
    outbox.acknowledge(ack(7, 0, 1), fresh);
    const auto news = outbox.acknowledge(ack(8, 0, 1), fresh);
    EXPECT_FALSE(news.new_producer);
    EXPECT_EQ(send_all(outbox), (Seqs{1, 2}));
}

TEST(Outbox, NamesWhatWasRefused) {
    auto outbox = with_events(2);
    send_all(outbox);
    auto answer = ack(7, 2, 3);
    auto* rejected = answer.add_rejected();
    rejected->set_seq(2);
    rejected->set_reason("topic_malformed");
    const auto news = outbox.acknowledge(answer, fresh);
    ASSERT_EQ(news.refused.size(), 1u);
    EXPECT_EQ(news.refused[0].topic, "a.topic");
    EXPECT_EQ(news.refused[0].reason, "topic_malformed");
    EXPECT_TRUE(outbox.empty());
}

TEST(Outbox, IsBoundedInEventsAndBytes) {
    Outbox few({2, 1000}, me);
    few.add(next_frame(few));
    EXPECT_TRUE(few.has_room(100));
    EXPECT_TRUE(few.is_half_empty());
    few.add(next_frame(few));
    EXPECT_FALSE(few.has_room(100));
    EXPECT_FALSE(few.is_half_empty());
    Outbox small({100, 150}, me);
    small.add(next_frame(small));
    EXPECT_FALSE(small.has_room(100));
}

}  // namespace
}  // namespace coven
