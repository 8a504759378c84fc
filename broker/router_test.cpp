#include "router.hpp"

#include <gtest/gtest.h>

#include "frame_samples.hpp"

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

class RouterTest : public testing::Test {
  protected:
    using Outcome = Router::Outcome;

    Outcome take(std::string bytes) {
        out_ = std::move(bytes);
        const auto outcome = router_.take(out_, Router::From::publisher, now_);
        if (outcome == Outcome::tail_needed) out_.append(router_.tail().data(), tail_bytes);
        return outcome;
    }
    Outcome publish(const char* topic, std::uint64_t seq) {
        return take(sample_frame(topic, {7, seq, 0}));
    }
    v1::Event out() const { return event_in(out_); }
    /// The acks of one round, if it is time for one.
    std::vector<v1::PublishAck> round() {
        std::vector<v1::PublishAck> acks;
        if (!router_.ack_round_due(now_)) return acks;
        router_.start_ack_round(now_);
        std::size_t budget = 100;
        while (const auto id = router_.next_ack(budget, now_)) {
            acks.push_back(router_.producers().ack(*id, router_.bus_epoch(), now_));
        }
        return acks;
    }

    Moment now_{Instant(1000s), 1'795'340'000'000'000};
    Drops drops_;
    Router router_{77, {65536, 3, {}}, drops_};
    std::string out_;
};

TEST_F(RouterTest, NumbersDenselyOverTheBusAndPerTopic) {
    ASSERT_EQ(publish("a.b", 1), Outcome::stamped);
    EXPECT_EQ(out().bus_epoch(), 77u);
    EXPECT_EQ(out().offset(), 1u);
    EXPECT_EQ(out().topic_seq(), 1u);
    EXPECT_EQ(out().prev_offset(), 0u);
    EXPECT_EQ(out().ingest_us(), now_.unix_us);
    publish("a.c", 2);
    EXPECT_EQ(out().offset(), 2u);
    EXPECT_EQ(out().topic_seq(), 1u);
    EXPECT_EQ(out().prev_offset(), 0u);
    publish("a.b", 3);
    EXPECT_EQ(out().offset(), 3u);
    EXPECT_EQ(out().topic_seq(), 2u);
    EXPECT_EQ(out().prev_offset(), 1u);
    EXPECT_EQ(router_.head(), 3u);
}

TEST_F(RouterTest, NumbersAFrameWithoutTailByAppendingOne) {
    ASSERT_EQ(take(frame_without_tail("a.b")), Outcome::tail_needed);
    EXPECT_EQ(out().offset(), 1u);
    EXPECT_EQ(out().id(), sample_event().id());
    EXPECT_EQ(router_.bytes(), out_.size());
}

TEST_F(RouterTest, ServesPublishersWithoutIdInAnyOrder) {
    EXPECT_EQ(take(sample_frame("a.b", {0, 9, 0})), Outcome::stamped);
    EXPECT_EQ(take(sample_frame("a.b", {0, 9, 0})), Outcome::stamped);
    EXPECT_EQ(router_.producers().size(), 0u);
    EXPECT_FALSE(router_.next_ack_round());
}

TEST_F(RouterTest, DropsRepeatsAndGapsWithoutANumber) {
    publish("a.b", 1);
    EXPECT_EQ(publish("a.b", 1), Outcome::dropped);
    EXPECT_EQ(publish("a.b", 3), Outcome::dropped);
    EXPECT_EQ(router_.head(), 1u);
    EXPECT_EQ(drops_.of(Drop::duplicate), 1u);
    EXPECT_EQ(drops_.of(Drop::out_of_order), 1u);
    EXPECT_EQ(router_.topics().size(), 1u);
}

TEST_F(RouterTest, BadEventNeverBlocksTheGoodOnesBehindIt) {
    EXPECT_EQ(publish("A.b", 1), Outcome::dropped);
    EXPECT_EQ(publish("bus.broker.main.tick", 2), Outcome::dropped);
    EXPECT_EQ(publish("~a.0000000000000007", 3), Outcome::dropped);
    EXPECT_EQ(take("a.b" + sample_frame("", {7, 4, 0}).substr(1)), Outcome::dropped);
    EXPECT_EQ(take(sample_frame("a.b" + std::string(70'000, 'x'), {7, 5, 0})), Outcome::dropped);
    EXPECT_EQ(publish("a.b", 6), Outcome::stamped);
    const auto reasons = drops_.since(Drops());
    EXPECT_EQ(drops_.of(Drop::topic_reserved), 2u) << reasons;
    EXPECT_EQ(drops_.of(Drop::too_large), 1u) << reasons;
    EXPECT_EQ(drops_.total(), 5u) << reasons;
    router_.producers().refusals_stored(7, 5);
    round();
    now_.instant += 50ms;
    const auto acks = round();
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 6u);
    EXPECT_EQ(acks[0].rejected_size(), 5);
}

TEST_F(RouterTest, RefusesNewTopicsBeyondTheBound) {
    publish("a.b", 1);
    publish("a.c", 2);
    publish("a.d", 3);
    EXPECT_EQ(publish("a.e", 4), Outcome::dropped);
    EXPECT_EQ(drops_.of(Drop::too_many_topics), 1u);
    EXPECT_EQ(publish("a.b", 5), Outcome::stamped);
    // What the broker itself has to say is never refused.
    auto own = frame_without_tail("bus.chat.chat-1.state");
    EXPECT_EQ(router_.take(own, Router::From::broker, now_), Outcome::tail_needed);
}

TEST_F(RouterTest, AcksOnlyAtTheSecondIntervalAfterTheEvent) {
    publish("a.b", 1);
    EXPECT_TRUE(round().empty());
    publish("a.b", 2);
    now_.instant += 49ms;
    EXPECT_FALSE(router_.ack_round_due(now_));
    now_.instant += 1ms;
    auto acks = round();
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 1u);
    now_.instant += 50ms;
    acks = round();
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 2u);
    EXPECT_FALSE(router_.next_ack_round());
}

TEST_F(RouterTest, AcksAfterAThousandEventsToo) {
    for (std::uint64_t seq = 1; seq <= 999; ++seq) publish("a.b", seq);
    round();
    for (std::uint64_t seq = 1000; seq <= 1998; ++seq) publish("a.b", seq);
    EXPECT_FALSE(router_.ack_round_due(now_));
    publish("a.b", 1999);
    const auto acks = round();
    ASSERT_EQ(acks.size(), 1u);
    EXPECT_EQ(acks[0].committed_seq(), 999u);
}

TEST_F(RouterTest, TopicsAwaitTheirBeacons) {
    publish("a.b", 1);
    std::vector<std::string> named;
    router_.quiet_topics().run(now_.instant + 2s, 10, [&](const TopicEntry& topic) {
        named.push_back(topic.name);
        EXPECT_EQ(topic.offset, 1u);
        EXPECT_EQ(topic.topic_seq, 1u);
    });
    EXPECT_EQ(named, std::vector<std::string>{"a.b"});
}

}  // namespace
}  // namespace coven::broker
