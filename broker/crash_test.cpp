// kill -9 at random points: what was acknowledged is stored, once and in order (G1, G2, G3).

#include <cstdlib>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "frame_samples.hpp"
#include "steady_publisher.hpp"

namespace coven::broker {
namespace {

constexpr std::uint64_t producer = 0xc0ffee;
constexpr std::size_t event_bytes = 300;
constexpr int most_events = 4000;

/// How many crashes; COVEN_SEEDS asks for more.
int seeds() {
    const char* wanted = std::getenv("COVEN_SEEDS");
    return wanted != nullptr ? std::atoi(wanted) : 10;
}

/// Sends until the moment of the crash. How many events were not acknowledged by then.
std::uint64_t crash_under_load(BrokerProcess& broker, SteadyPublisher& publisher,
                               std::mt19937& random) {
    std::uint64_t in_flight = 0;
    while (in_flight == 0) {
        const auto events = std::uniform_int_distribution(200, most_events)(random);
        for (int i = 0; i < events; ++i) publisher.send();
        in_flight = publisher.sent() - publisher.acked();
    }
    broker.kill();
    return in_flight;
}

std::vector<v1::Event> all_stored(const BrokerProcess& broker) {
    std::vector<v1::Event> events;
    for (const auto& record : Asker(broker.doors()).stored("a.>")) {
        events.push_back(event_in(record.frame()));
    }
    return events;
}

/// Each producer_seq once and in order, with dense numbers.
void expect_each_once(const std::vector<v1::Event>& events, std::uint64_t count) {
    ASSERT_EQ(events.size(), count);
    for (std::uint64_t i = 0; i < count; ++i) {
        ASSERT_EQ(events[i].producer_seq(), i + 1);
        ASSERT_EQ(events[i].topic_seq(), i + 1);
        ASSERT_EQ(events[i].prev_offset(), i);
        ASSERT_EQ(events[i].offset(), i + 1);
    }
}

TEST(Crash, WhatWasAcknowledgedIsStoredOnceAndInOrder) {
    BrokerProcess broker(Transport::ipc);
    SteadyPublisher publisher(broker.doors(), producer, "a.b", event_bytes);
    std::uint64_t all_in_flight = 0;
    for (int seed = 0; seed < seeds(); ++seed) {
        std::mt19937 random(static_cast<unsigned int>(seed));
        const auto in_flight = crash_under_load(broker, publisher, random);
        const auto acked = publisher.acked();
        broker.start();
        publisher.connect(broker.doors());
        std::cout << "seed " << seed << ": " << in_flight << " events in flight, "
                  << publisher.expected() - 1 - acked << " of them were stored\n";
        all_in_flight += in_flight;
        ASSERT_FALSE(publisher.betrayed()) << "an acknowledged event is gone";
        publisher.settle();
        ASSERT_EQ(publisher.acked(), publisher.sent());
    }
    EXPECT_GT(all_in_flight, 0u);
    expect_each_once(all_stored(broker), publisher.sent());
}

TEST(Crash, ARepeatIsCountedAndNotStoredAgain) {
    BrokerProcess broker(Transport::ipc);
    {
        SteadyPublisher publisher(broker.doors(), producer, "a.b", event_bytes);
        for (int i = 0; i < 500; ++i) publisher.send();
        publisher.settle();
    }
    broker.kill();
    broker.start();
    Publisher again(broker.doors());
    for (std::uint64_t seq = 401; seq <= 501; ++seq) {
        again.send(sample_frame("a.b", {producer, seq, 0}));
    }
    Reader reader(broker.doors());
    reader.ask_ack(producer);
    reader.ack_with(producer, [](const auto& ack) { return ack.committed_seq() == 501; });
    EXPECT_EQ(Asker(broker.doors()).drops("duplicate"), 100u);
    expect_each_once(all_stored(broker), 501);
}

/// The negative twin: without a journal the same check must see that promises are broken.
TEST(Crash, WithoutAJournalTheCheckSeesTheLoss) {
    BrokerProcess broker(Transport::ipc, {"--journal-durability", "off"});
    SteadyPublisher publisher(broker.doors(), producer, "a.b", event_bytes);
    for (int i = 0; i < 500; ++i) publisher.send();
    publisher.settle();
    ASSERT_EQ(publisher.acked(), 500u);
    broker.kill();
    broker.start();
    publisher.connect(broker.doors());
    EXPECT_TRUE(publisher.betrayed());
}

}  // namespace
}  // namespace coven::broker
