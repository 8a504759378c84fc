// A snapshot of states equals the fold of all state events up to its position, under load (G10).

#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "coven/v1/history.pb.h"
#include "frame_samples.hpp"

namespace coven::broker {
namespace {

constexpr int topics = 50;
constexpr int rounds = 40;
constexpr int events_per_round = 500;

/// Topic → offset of its state.
using States = std::map<std::string, std::uint64_t>;

struct Snapshot {
    std::uint64_t as_of = 0;
    States states;
};

struct Stored {
    std::string topic;
    std::uint64_t offset;
    bool over;
};

bool is_over(const v1::Event& event) { return (event.flags() & v1::EVENT_FLAG_STATE_OVER) != 0; }

void ask_snapshot(Asker& asker) {
    v1::StateReadRequest wanted;
    wanted.add_patterns("a.>");
    v1::Request request;
    request.set_id("r-1");
    request.set_verb("state.read");
    request.mutable_payload()->PackFrom(wanted);
    asker.send({request.SerializeAsString()});
}

Snapshot receive_snapshot(Asker& asker) {
    v1::Reply reply;
    EXPECT_TRUE(reply.ParseFromString(asker.receive().at(0)));
    v1::StateSnapshot page;
    EXPECT_TRUE(reply.payload().UnpackTo(&page));
    Snapshot read{page.as_of().offset(), {}};
    for (const auto& frame : page.frames()) {
        read.states[topic_of(frame)] = event_in(frame).offset();
    }
    return read;
}

/// Sends state events without waiting for anything, some of which end a state; asks for a snapshot
/// on the way.
void publish_round(Publisher& publisher, Asker& asker, int round) {
    for (int i = 0; i < events_per_round; ++i) {
        if (i == events_per_round / 2) ask_snapshot(asker);
        const bool over = (i + round) % 11 == 0;
        const std::uint64_t flags = v1::EVENT_FLAG_STATE | (over ? v1::EVENT_FLAG_STATE_OVER : 0);
        publisher.send(
            sample_frame("a." + std::to_string((i * 7 + round) % topics), {0, 0, flags}));
    }
}

std::vector<Stored> all_stored(Asker& asker, std::uint64_t count) {
    std::vector<Stored> stored;
    v1::HistoryReadRequest request;
    request.add_patterns("a.>");
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    while (stored.size() < count && std::chrono::steady_clock::now() < end) {
        v1::HistoryBatch batch;
        EXPECT_TRUE(asker.ask("history.read", request).payload().UnpackTo(&batch));
        for (const auto& record : batch.records()) {
            const auto event = event_in(record.frame());
            stored.push_back({topic_of(record.frame()), event.offset(), is_over(event)});
        }
        *request.mutable_after() = batch.next();
    }
    EXPECT_EQ(stored.size(), count);
    return stored;
}

States fold(const std::vector<Stored>& events, std::uint64_t through) {
    States states;
    for (const auto& event : events) {
        if (event.offset > through) break;
        states.erase(event.topic);
        if (!event.over) states.emplace(event.topic, event.offset);
    }
    return states;
}

TEST(Snapshot, EqualsTheFoldOfAllStateEventsUpToItsPosition) {
    const BrokerProcess broker(Transport::ipc);
    Publisher publisher(broker.doors());
    Asker asker(broker.doors());
    std::vector<Snapshot> snapshots;
    std::uint64_t in_flight = 0;
    for (int round = 0; round < rounds; ++round) {
        publish_round(publisher, asker, round);
        snapshots.push_back(receive_snapshot(asker));
        const auto sent = static_cast<std::uint64_t>(round + 1) * events_per_round;
        in_flight += sent - snapshots.back().as_of;
    }
    std::cout << rounds << " snapshots, " << in_flight << " events in flight meanwhile\n";
    ASSERT_GT(in_flight, 0u);
    const auto stored = all_stored(asker, std::uint64_t{rounds} * events_per_round);
    int told_apart = 0;
    for (const auto& read : snapshots) {
        EXPECT_EQ(read.states, fold(stored, read.as_of)) << "as of " << read.as_of;
        if (read.as_of > 0 && read.states != fold(stored, read.as_of - 1)) ++told_apart;
    }
    // The negative twin: a snapshot that lags by a single event would be seen.
    EXPECT_GT(told_apart, rounds / 2);
}

}  // namespace
}  // namespace coven::broker
