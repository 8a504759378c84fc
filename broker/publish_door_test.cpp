// The publish door of the real program, with plain sockets.

#include <gtest/gtest.h>

#include "announcements.hpp"
#include "broker_process.hpp"
#include "frame_samples.hpp"

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t producer = 0x00ff00ff00ff00ff;

/// A broker, a publisher, and a reader that hears everything about `a.` and has its acks.
class PublishDoor : public testing::Test {
  protected:
    PublishDoor() {
        reader_.barrier();
        // Answered at once, so the subscription to the acks stands.
        reader_.ask_ack(producer);
    }

    void publish(const char* topic, std::uint64_t seq) {
        publisher_.send(sample_frame(topic, {producer, seq, 0}));
    }
    v1::PublishAck ack_of(std::uint64_t committed) {
        return reader_.ack_with(producer, [committed](const v1::PublishAck& ack) {
            return ack.committed_seq() == committed;
        });
    }
    v1::PublishAck ack_expecting(std::uint64_t expected) {
        return reader_.ack_with(producer, [expected](const v1::PublishAck& ack) {
            return ack.expected_seq() == expected;
        });
    }

    BrokerProcess broker_{Transport::ipc};
    Publisher publisher_{broker_.doors()};
    Reader reader_{broker_.doors(), {"a."}};
};

TEST_F(PublishDoor, NumbersAnEventAndReachesTheReaderOfExactlyThatTopic) {
    Reader exact(broker_.doors(), {std::string("a.message\0", 10)});
    const auto before = exact.barrier();
    EXPECT_EQ(before.offset(), 0u);
    publish("a.messages", 1);
    publish("a.message", 2);
    const auto frame = exact.next();
    ASSERT_TRUE(frame);
    EXPECT_EQ(topic_of(*frame), "a.message");
    const auto event = event_in(*frame);
    EXPECT_EQ(event.bus_epoch(), before.bus_epoch());
    EXPECT_EQ(event.offset(), 2u);
    EXPECT_EQ(event.topic_seq(), 1u);
    EXPECT_EQ(event.prev_offset(), 0u);
    EXPECT_GT(event.ingest_us(), 0u);
    EXPECT_EQ(event.id(), sample_event().id());
    EXPECT_EQ(event.producer_seq(), 2u);
}

TEST_F(PublishDoor, AppendsATailWhereThereIsNone) {
    publisher_.send(frame_without_tail("a.b"));
    const auto frame = reader_.next_on("a.b");
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->size(), frame_without_tail("a.b").size() + tail_bytes);
    EXPECT_EQ(event_in(*frame).offset(), 1u);
}

TEST_F(PublishDoor, KeepsEveryByteOfManyEventsOfManySizes) {
    constexpr std::uint64_t count = 3000;
    for (std::uint64_t seq = 1; seq <= count; ++seq) {
        auto event = sample_event();
        event.set_raw(std::string(seq * 7 % 20'000, static_cast<char>(seq)));
        event.set_producer_id(producer);
        event.set_producer_seq(seq);
        publisher_.send(frame_of("a.b", event));
        publisher_.send(sample_frame("a.c", {0, 0, 0}));
    }
    std::uint64_t offset = 0;
    for (std::uint64_t seq = 1; seq <= count; ++seq) {
        const auto frame = reader_.next_on("a.b");
        ASSERT_TRUE(frame);
        const auto event = event_in(*frame);
        ASSERT_EQ(event.producer_seq(), seq);
        ASSERT_EQ(event.topic_seq(), seq);
        ASSERT_EQ(event.prev_offset(), offset);
        ASSERT_EQ(event.raw(), std::string(seq * 7 % 20'000, static_cast<char>(seq)));
        offset = event.offset();
    }
    EXPECT_EQ(ack_of(count).expected_seq(), count + 1);
}

TEST_F(PublishDoor, AcksWhatIsStored) {
    publish("a.b", 1);
    publish("a.b", 2);
    const auto ack = ack_of(2);
    EXPECT_EQ(ack.expected_seq(), 3u);
    EXPECT_TRUE(ack.stored());
    EXPECT_EQ(ack.bus_epoch(), reader_.barrier().bus_epoch());
}

TEST_F(PublishDoor, DropsRepeatsAndAnswersThem) {
    publish("a.b", 1);
    ack_of(1);
    publish("a.b", 1);
    EXPECT_EQ(ack_of(1).expected_seq(), 2u);
    publish("a.b", 2);
    const auto frame = reader_.next_on("a.b");
    ASSERT_TRUE(frame);
    EXPECT_EQ(event_in(*frame).topic_seq(), 2u);
    EXPECT_EQ(Asker(broker_.doors()).drops("duplicate"), 1u);
}

TEST_F(PublishDoor, TellsAPublisherToGoBackAtOnce) {
    publish("a.b", 1);
    ack_of(1);
    publish("a.b", 3);
    EXPECT_EQ(ack_expecting(2).committed_seq(), 1u);
    publish("a.b", 2);
    publish("a.b", 3);
    EXPECT_EQ(ack_of(3).rejected_size(), 0);
    EXPECT_EQ(Asker(broker_.doors()).drops("out_of_order"), 1u);
}

TEST_F(PublishDoor, NamesRefusedEventsInTheAck) {
    publish("a.b", 1);
    publish("A.b", 2);
    publish("bus.broker.main.tick", 3);
    publisher_.send(sample_frame("a.b" + std::string(70'000, 'x'), {producer, 4, 0}));
    publish("a.b", 5);
    v1::PublishAck ack = ack_of(5);
    ASSERT_EQ(ack.rejected_size(), 3);
    EXPECT_EQ(ack.rejected(0).seq(), 2u);
    EXPECT_EQ(ack.rejected(0).reason(), "topic_malformed");
    EXPECT_EQ(ack.rejected(1).reason(), "topic_reserved");
    EXPECT_EQ(ack.rejected(2).reason(), "too_large");
}

TEST_F(PublishDoor, AQuestionIsAnsweredWithWhatIsKnown) {
    publish("a.b", 1);
    ack_of(1);
    Reader other(broker_.doors());
    EXPECT_EQ(other.ask_ack(producer).committed_seq(), 1u);
    EXPECT_EQ(other.ask_ack(12345).expected_seq(), 1u);
}

TEST_F(PublishDoor, AQuestionIsAnsweredAgainAfterTheBrokersRestart) {
    publish("a.b", 1);
    const auto epoch = ack_of(1).bus_epoch();
    broker_.kill();
    broker_.start();
    const auto ack = reader_.ack_with(
        producer, [epoch](const v1::PublishAck& answer) { return answer.bus_epoch() > epoch; });
    EXPECT_EQ(ack.expected_seq(), 2u) << "the journal knows this publisher";
    EXPECT_EQ(ack.committed_seq(), 1u);
}

TEST_F(PublishDoor, RefusesEventsOfSeveralFrames) {
    for (int i = 0; i < 3; ++i) {
        publisher_.socket().send(zmq::message_t(frame_without_tail("a.b")),
                                 zmq::send_flags::sndmore);
        publisher_.socket().send(zmq::str_buffer("more"), zmq::send_flags::none);
    }
    publisher_.send(frame_without_tail("a.c"));
    ASSERT_TRUE(reader_.next_on("a.c"));
    EXPECT_EQ(Asker(broker_.doors()).drops("frame_malformed"), 3u);
}

TEST(PublishDoorBound, RefusesTopicsBeyondTheConfiguredNumber) {
    BrokerProcess broker(Transport::ipc, {"--max_topics", "2"});
    Reader reader(broker.doors(), {"a."});
    reader.barrier();
    reader.ask_ack(producer);
    Publisher publisher(broker.doors());
    for (std::uint64_t seq = 1; seq <= 3; ++seq) {
        publisher.send(sample_frame("a." + std::to_string(seq), {producer, seq, 0}));
    }
    publisher.send(sample_frame("a.1", {producer, 4, 0}));
    const auto ack = reader.ack_with(
        producer, [](const v1::PublishAck& answer) { return answer.committed_seq() == 4; });
    ASSERT_EQ(ack.rejected_size(), 1);
    EXPECT_EQ(ack.rejected(0).seq(), 3u);
    EXPECT_EQ(ack.rejected(0).reason(), "too_many_topics");
}

}  // namespace
}  // namespace coven::broker
