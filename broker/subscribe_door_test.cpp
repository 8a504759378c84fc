// The subscribe door of the real program, with plain sockets.

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "frame_samples.hpp"

namespace coven::broker {
namespace {

TEST(SubscribeDoor, AnswersABarrierWithHeadEpochsAndThePrefixesOfThatConnection) {
    for (const auto transport : {Transport::ipc, Transport::tcp}) {
        const BrokerProcess broker(transport);
        Publisher publisher(broker.doors());
        Reader first(broker.doors(), {"a.", "b.", "a.b", "~h.a."});
        auto barrier = first.barrier();
        EXPECT_EQ(barrier.prefixes(), 4u);
        EXPECT_EQ(barrier.offset(), 0u);
        publisher.send(frame_without_tail("a.x"));
        ASSERT_TRUE(first.next_on("a.x"));
        // Another connection counts for itself, and questions do not count.
        Reader second(broker.doors(), {"a."});
        second.ask_ack(7);
        barrier = second.barrier();
        EXPECT_EQ(barrier.prefixes(), 1u);
        EXPECT_EQ(barrier.offset(), 1u);
        EXPECT_EQ(second.barrier().prefixes(), 1u);
        EXPECT_EQ(first.barrier().prefixes(), 4u);
        ASSERT_EQ(barrier.epochs_size(), 1);
        EXPECT_EQ(barrier.epochs(0).bus_epoch(), barrier.bus_epoch());
        EXPECT_EQ(barrier.epochs(0).first_offset(), 1u);
    }
}

TEST(SubscribeDoor, AConnectionThatEndedCountsForNobody) {
    for (const auto transport : {Transport::ipc, Transport::tcp}) {
        const BrokerProcess broker(transport);
        Asker asker(broker.doors());
        for (int i = 0; i < 30; ++i) {
            // The descriptor of the one before is free again, and taken again.
            Reader reader(broker.doors(), {"a.", "b." + std::to_string(i)});
            ASSERT_EQ(reader.barrier().prefixes(), 2u);
        }
        const auto end = std::chrono::steady_clock::now() + answer_deadline;
        while (asker.status().subscribers() > 0 && std::chrono::steady_clock::now() < end) continue;
        EXPECT_EQ(asker.status().subscribers(), 0u);
        EXPECT_EQ(asker.status().subscriptions(), 0u);
    }
}

TEST(SubscribeDoor, CountsSubscriptionsOfAllInTheStatus) {
    const BrokerProcess broker(Transport::ipc);
    Reader first(broker.doors(), {"a.", "b."});
    first.barrier();
    Reader second(broker.doors(), {"a."});
    second.barrier();
    const auto status = Asker(broker.doors()).status();
    EXPECT_EQ(status.subscribers(), 2u);
    EXPECT_EQ(status.subscriptions(), 3u);
}

TEST(SubscribeDoor, AnUnsubscriptionIsCountedToo) {
    const BrokerProcess broker(Transport::ipc);
    Reader reader(broker.doors(), {"a.", "b."});
    reader.unsubscribe("b.");
    EXPECT_EQ(reader.barrier().prefixes(), 1u);
}

TEST(SubscribeDoor, AfterTheBarrierEverythingThatMatchesArrives) {
    const BrokerProcess broker(Transport::ipc);
    Publisher publisher(broker.doors());
    for (int round = 0; round < 20; ++round) {
        std::vector<std::string> prefixes;
        prefixes.reserve(300);
        for (int i = 0; i < 300; ++i) prefixes.push_back("a." + std::to_string(i) + ".");
        Reader reader(broker.doors(), prefixes);
        for (int i = 0; i < 20; ++i) publisher.send(frame_without_tail("a.299.x"));
        const auto barrier = reader.barrier();
        EXPECT_EQ(barrier.prefixes(), 300u);
        publisher.send(frame_without_tail("a.299.last"));
        auto last = barrier.offset();
        for (std::string topic; topic != "a.299.last";) {
            const auto frame = reader.next();
            ASSERT_TRUE(frame);
            topic = topic_of(*frame);
            const auto offset = event_in(*frame).offset();
            if (offset <= barrier.offset()) continue;
            ASSERT_EQ(offset, last + 1) << "events after the barrier are missing";
            last = offset;
        }
    }
}

TEST(SubscribeDoor, TicksOnceASecondWithoutNumbers) {
    const BrokerProcess broker(Transport::ipc, {"--id", "b-2"});
    Publisher publisher(broker.doors());
    Reader reader(broker.doors(), {"bus.broker.b-2.", "a."});
    const auto barrier = reader.barrier();
    publisher.send(frame_without_tail("a.b"));
    ASSERT_TRUE(reader.next_on("a.b"));
    std::vector<std::uint64_t> at;
    for (int i = 0; i < 3; ++i) {
        const auto frame = reader.next_on("bus.broker.b-2.tick");
        ASSERT_TRUE(frame);
        const auto event = event_in(*frame);
        EXPECT_EQ(event.type(), "coven.broker.tick");
        EXPECT_EQ(event.source(), "/coven/broker/b-2");
        EXPECT_FALSE(event.has_offset());
        v1::Tick tick;
        ASSERT_TRUE(event.proto_data().UnpackTo(&tick));
        EXPECT_EQ(tick.bus_epoch(), barrier.bus_epoch());
        EXPECT_EQ(tick.head(), 1u);
        EXPECT_EQ(tick.committed(), 1u);
        ASSERT_EQ(tick.epochs_size(), 1);
        at.push_back(event.occurred_us());
    }
    // A busy machine may have delayed the first.
    EXPECT_GT(at[2] - at[0], 1'000'000u);
}

TEST(SubscribeDoor, AnnouncesWhereAQuietTopicStands) {
    const BrokerProcess broker(Transport::ipc);
    Publisher publisher(broker.doors());
    Reader reader(broker.doors(), {std::string("~h.a.b\0", 7), "a.b"});
    reader.barrier();
    publisher.send(frame_without_tail("c.d"));
    publisher.send(frame_without_tail("a.b"));
    publisher.send(frame_without_tail("a.b"));
    ASSERT_TRUE(reader.next_on("a.b"));
    const auto last = reader.next_on("a.b");
    ASSERT_TRUE(last);
    const auto frame = reader.next_on("~h.a.b");
    ASSERT_TRUE(frame);
    const auto now = microseconds_since_epoch(SystemClock().now());
    EXPECT_GE(now - event_in(*last).ingest_us(), 1'000'000u);
    const auto beacon = body_of<v1::HeadBeacon>(*frame);
    EXPECT_EQ(beacon.topic(), "a.b");
    EXPECT_EQ(beacon.offset(), 3u);
    EXPECT_EQ(beacon.topic_seq(), 2u);
    EXPECT_GT(beacon.bus_epoch(), 0u);
}

TEST(SubscribeDoor, CutsAConnectionWithTooManySubscriptionsAndServesTheOthers) {
    for (const auto transport : {Transport::ipc, Transport::tcp}) {
        const BrokerProcess broker(transport);
        Publisher publisher(broker.doors());
        Reader good(broker.doors(), {"a."});
        good.barrier();
        // Comes back after each cut, as libzmq does, and is cut again.
        Reader flood(broker.doors());
        for (int i = 0; i <= 20'000; ++i) flood.subscribe("flood." + std::to_string(i));
        Asker asker(broker.doors());
        const auto end = std::chrono::steady_clock::now() + answer_deadline;
        while (asker.drops("too_many_subscriptions") == 0) {
            ASSERT_LT(std::chrono::steady_clock::now(), end) << "it was not cut";
        }
        for (int i = 0; i < 100; ++i) publisher.send(frame_without_tail("a.b"));
        for (std::uint64_t i = 1; i <= 100; ++i) {
            const auto frame = good.next_on("a.b");
            ASSERT_TRUE(frame);
            EXPECT_EQ(event_in(*frame).topic_seq(), i);
        }
        EXPECT_EQ(good.barrier().prefixes(), 1u);
    }
}

TEST(SubscribeDoor, ServesExactlyTwentyThousandSubscriptions) {
    const BrokerProcess broker(Transport::ipc);
    Reader reader(broker.doors());
    for (int i = 0; i < 19'999; ++i) reader.subscribe("many." + std::to_string(i));
    EXPECT_EQ(reader.barrier().prefixes(), 19'999u);
    EXPECT_EQ(Asker(broker.doors()).drops("too_many_subscriptions"), 0u);
}

TEST(SubscribeDoor, CutsAConnectionWithASubscriptionThatNoTopicCanMatch) {
    const BrokerProcess broker(Transport::ipc);
    Asker asker(broker.doors());
    const Reader reader(broker.doors(), {std::string(202, 'x')});
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    while (asker.drops("subscription_too_long") == 0) {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << "it was not cut";
    }
}

}  // namespace
}  // namespace coven::broker
