// The real program with its journal: what it remembers, and what it answers from it.

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "coven/v1/history.pb.h"
#include "frame_samples.hpp"

namespace coven::broker {
namespace {

constexpr std::uint64_t producer = 0xfeed;

class BrokerJournal : public testing::Test {
  protected:
    void publish(const std::string& topic, std::uint64_t seq, std::uint64_t flags = 0) {
        publisher_.send(sample_frame(topic, {producer, seq, flags}));
    }
    /// Waits until `seq` is acknowledged.
    v1::PublishAck ack_of(std::uint64_t seq) {
        return reader_.ack_with(
            producer, [seq](const v1::PublishAck& ack) { return ack.committed_seq() >= seq; });
    }
    void restart() {
        broker_.kill();
        broker_.start();
    }
    v1::HistoryBatch history(const v1::HistoryReadRequest& request) {
        v1::HistoryBatch batch;
        const auto reply = Asker(broker_.doors()).ask("history.read", request);
        EXPECT_EQ(reply.status(), v1::Reply::OK) << reply.message();
        EXPECT_TRUE(reply.payload().UnpackTo(&batch));
        return batch;
    }
    v1::HistoryBatch history(const std::string& pattern) {
        v1::HistoryReadRequest request;
        request.add_patterns(pattern);
        return history(request);
    }
    v1::Reply open(const std::string& name) {
        v1::ConsumerOpenRequest request;
        request.set_name(name);
        return Asker(broker_.doors()).ask("consumer.open", request);
    }
    v1::ConsumerOpened opened(const std::string& name) {
        v1::ConsumerOpened opened;
        EXPECT_TRUE(open(name).payload().UnpackTo(&opened));
        return opened;
    }

    BrokerProcess broker_{Transport::ipc};
    Publisher publisher_{broker_.doors()};
    Reader reader_ = asking_reader();

  private:
    Reader asking_reader() {
        Reader reader(broker_.doors(), {"a."});
        reader.barrier();
        reader.ask_ack(producer);
        return reader;
    }
};

std::vector<std::uint64_t> offsets(const v1::HistoryBatch& batch) {
    std::vector<std::uint64_t> found;
    for (const auto& record : batch.records()) {
        found.push_back(event_in(record.frame()).offset());
    }
    return found;
}

TEST_F(BrokerJournal, AnAckSaysThatEventsAreStored) {
    publish("a.b", 1);
    publish("a.b", 2);
    const auto ack = ack_of(2);
    EXPECT_TRUE(ack.stored());
    const auto batch = history("a.>");
    EXPECT_EQ(offsets(batch), (std::vector<std::uint64_t>{1, 2}));
    EXPECT_EQ(batch.committed().offset(), 2u);
    EXPECT_EQ(batch.next().offset(), 2u);
    EXPECT_EQ(batch.next().bus_epoch(), ack.bus_epoch());
}

TEST_F(BrokerJournal, HistoryHoldsTheFramesAsTheyWereSent) {
    publish("a.b", 1);
    const auto live = reader_.next_on("a.b");
    ack_of(1);
    publisher_.send(frame_without_tail("a.c"));
    const auto without_tail = reader_.next_on("a.c");
    publish("a.b", 2);
    ack_of(2);
    const auto batch = history(">");
    ASSERT_EQ(batch.records_size(), 3);
    EXPECT_EQ(batch.records(0).frame(), *live);
    EXPECT_EQ(batch.records(1).frame(), *without_tail);
    EXPECT_EQ(offsets(history("a.c")), std::vector<std::uint64_t>{2});
}

TEST_F(BrokerJournal, NumbersGoOnAfterACrash) {
    publish("a.b", 1);
    publish("a.c", 2);
    const auto before = ack_of(2);
    restart();
    Reader reader(broker_.doors(), {"a."});
    const auto barrier = reader.barrier();
    EXPECT_EQ(barrier.offset(), 2u);
    ASSERT_EQ(barrier.epochs_size(), 2);
    EXPECT_EQ(barrier.epochs(0).bus_epoch(), before.bus_epoch());
    EXPECT_EQ(barrier.epochs(0).first_offset(), 1u);
    EXPECT_EQ(barrier.epochs(1).bus_epoch(), barrier.bus_epoch());
    EXPECT_EQ(barrier.epochs(1).first_offset(), 3u);
    Publisher publisher(broker_.doors());
    publisher.send(sample_frame("a.b", {producer, 3, 0}));
    const auto event = event_in(reader.next_on("a.b").value_or(""));
    EXPECT_EQ(event.offset(), 3u);
    EXPECT_EQ(event.topic_seq(), 2u);
    EXPECT_EQ(event.prev_offset(), 1u);
    const auto batch = history("a.>");
    EXPECT_EQ(batch.records_size(), 2 + (batch.committed().offset() == 3 ? 1 : 0));
}

TEST_F(BrokerJournal, ARepeatIsKnownAfterACrash) {
    for (std::uint64_t seq = 1; seq <= 3; ++seq) publish("a.b", seq);
    ack_of(3);
    restart();
    Publisher publisher(broker_.doors());
    for (std::uint64_t seq = 2; seq <= 4; ++seq) {
        publisher.send(sample_frame("a.b", {producer, seq, 0}));
    }
    ack_of(4);
    EXPECT_EQ(offsets(history("a.b")), (std::vector<std::uint64_t>{1, 2, 3, 4}));
    EXPECT_EQ(Asker(broker_.doors()).drops("duplicate"), 2u);
}

TEST_F(BrokerJournal, ARefusedEventKeepsItsNumberAfterACrash) {
    publish("a.b", 1);
    publish("A.b", 2);
    ack_of(2);
    restart();
    Reader reader(broker_.doors());
    EXPECT_EQ(reader.ask_ack(producer).expected_seq(), 3u);
}

TEST_F(BrokerJournal, HistoryIsReadInPiecesFromAPosition) {
    for (std::uint64_t seq = 1; seq <= 25; ++seq) publish("a.b", seq);
    const auto epoch = ack_of(25).bus_epoch();
    v1::HistoryReadRequest request;
    request.add_patterns("a.b");
    request.set_limit(10);
    std::vector<std::uint64_t> read;
    for (int i = 0; i < 3; ++i) {
        const auto batch = history(request);
        for (const auto offset : offsets(batch)) read.push_back(offset);
        *request.mutable_after() = batch.next();
    }
    ASSERT_EQ(read.size(), 25u);
    for (std::uint64_t i = 0; i < 25; ++i) EXPECT_EQ(read[i], i + 1);
    request.mutable_after()->set_bus_epoch(epoch);
    request.mutable_after()->set_offset(20);
    request.set_until(22);
    EXPECT_EQ(offsets(history(request)), (std::vector<std::uint64_t>{21, 22}));
}

TEST_F(BrokerJournal, HistoryIsReadFromATime) {
    publish("a.b", 1);
    const auto first = event_in(reader_.next_on("a.b").value_or(""));
    ack_of(1);
    publish("a.b", 2);
    ack_of(2);
    v1::HistoryReadRequest request;
    request.add_patterns("a.b");
    request.set_since_us(first.ingest_us() + 1);
    EXPECT_EQ(offsets(history(request)), std::vector<std::uint64_t>{2});
}

TEST_F(BrokerJournal, RefusesWrongQuestionsAboutHistory) {
    Asker asker(broker_.doors());
    v1::HistoryReadRequest request;
    EXPECT_EQ(asker.ask("history.read", request).code(), "history_malformed");
    request.add_patterns("a..b");
    EXPECT_EQ(asker.ask("history.read", request).code(), "history_malformed");
    EXPECT_EQ(asker.ask("history.read", v1::Barrier()).code(), "payload_malformed");
}

TEST_F(BrokerJournal, StatesSurviveACrash) {
    publish("a.b", 1, v1::EVENT_FLAG_STATE);
    publish("a.b", 2, v1::EVENT_FLAG_STATE);
    publish("a.c", 3, v1::EVENT_FLAG_STATE);
    publish("a.c", 4, v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER);
    publish("a.d", 5);
    ack_of(5);
    v1::StateReadRequest request;
    request.add_patterns("a.>");
    for (int i = 0; i < 2; ++i) {
        v1::StateSnapshot snapshot;
        const auto reply = Asker(broker_.doors()).ask("state.read", request);
        ASSERT_TRUE(reply.payload().UnpackTo(&snapshot)) << reply.message();
        ASSERT_EQ(snapshot.frames_size(), 1);
        EXPECT_EQ(event_in(snapshot.frames(0)).offset(), 2u);
        EXPECT_EQ(snapshot.as_of().offset(), 5u);
        restart();
    }
}

TEST_F(BrokerJournal, AConsumerGoesOnAfterACrashWhereItAcknowledged) {
    const auto first = opened("logger");
    EXPECT_TRUE(first.created());
    for (std::uint64_t seq = 1; seq <= 3; ++seq) publish("a.b", seq);
    const auto epoch = ack_of(3).bus_epoch();
    v1::ConsumerAckRequest ack;
    ack.set_name("logger");
    ack.mutable_position()->set_bus_epoch(epoch);
    ack.mutable_position()->set_offset(2);
    ack.set_generation(first.generation());
    EXPECT_EQ(Asker(broker_.doors()).ask("consumer.ack", ack).status(), v1::Reply::OK);
    restart();
    const auto second = opened("logger");
    EXPECT_FALSE(second.created());
    EXPECT_EQ(second.position().offset(), 2u);
    EXPECT_EQ(second.generation(), first.generation() + 1);
    EXPECT_EQ(Asker(broker_.doors()).ask("consumer.ack", ack).code(), "fenced");
}

TEST_F(BrokerJournal, AConsumerIsForgottenWhenItIsRemoved) {
    opened("logger");
    Asker asker(broker_.doors());
    v1::Request request;
    request.set_id("r-1");
    request.set_verb("consumer.remove");
    request.set_target("logger");
    asker.send({request.SerializeAsString()});
    v1::Reply reply;
    ASSERT_TRUE(reply.ParseFromString(asker.receive().at(0)));
    EXPECT_EQ(reply.status(), v1::Reply::OK) << reply.message();
    restart();
    v1::ConsumersList list;
    Asker(broker_.doors()).ask("consumers.list").payload().UnpackTo(&list);
    EXPECT_EQ(list.consumers_size(), 0);
}

TEST_F(BrokerJournal, TellsHowMuchItHolds) {
    publish("a.b", 1);
    ack_of(1);
    const auto status = Asker(broker_.doors()).status();
    EXPECT_EQ(status.journal().state(), v1::JournalStatus::STATE_STORING);
    EXPECT_EQ(status.committed(), 1u);
    EXPECT_GT(status.journal().bytes(), 0u);
}

TEST(BrokerThatKeepsSomeFamilies, SaysOfEachEventWhetherItIsStored) {
    BrokerProcess broker(Transport::ipc, {"--journal-families", "chat,bus"});
    Publisher publisher(broker.doors());
    Reader reader(broker.doors(), {"twitch."});
    reader.barrier();
    reader.ask_ack(producer);
    const auto up_to = [](std::uint64_t seq) {
        return [seq](const v1::PublishAck& ack) { return ack.committed_seq() == seq; };
    };
    publisher.send(sample_frame("twitch.chat.xqc.message", {producer, 1, 0}));
    EXPECT_EQ(event_in(*reader.next()).flags() & v1::EVENT_FLAG_NOT_STORED, 0u);
    EXPECT_TRUE(reader.ack_with(producer, up_to(1)).stored());
    publisher.send(sample_frame("twitch.heat.xqc.click", {producer, 2, 0}));
    const auto passed = event_in(*reader.next());
    EXPECT_EQ(passed.flags() & v1::EVENT_FLAG_NOT_STORED, v1::EVENT_FLAG_NOT_STORED);
    EXPECT_EQ(passed.raw(), sample_event().raw()) << "live it is whole";
    EXPECT_FALSE(reader.ack_with(producer, up_to(2)).stored());
    broker.kill();
    broker.start();
    EXPECT_EQ(Reader(broker.doors()).ask_ack(producer).expected_seq(), 3u);
    const auto records = Asker(broker.doors()).stored("twitch.>");
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(event_in(records[0].frame()).offset(), 1u);
    const auto& hole = records[1].truncated();
    EXPECT_EQ(hole.from(), 2u);
    EXPECT_EQ(hole.to(), 2u);
    EXPECT_EQ(hole.reason(), v1::Truncated::REASON_NOT_STORED);
}

TEST(BrokerThatKeepsNoRawLines, StoresTheRest) {
    const BrokerProcess broker(Transport::ipc, {"--journal-keep-raw", "false"});
    Publisher publisher(broker.doors());
    Reader reader(broker.doors(), {"twitch."});
    reader.barrier();
    reader.ask_ack(producer);
    publisher.send(sample_frame("twitch.chat.xqc.message", {producer, 1, 0}));
    auto live = event_in(*reader.next());
    EXPECT_NE(live.raw(), "");
    reader.ack_with(producer, [](const auto& ack) { return ack.committed_seq() == 1; });
    const auto records = Asker(broker.doors()).stored("twitch.>");
    ASSERT_EQ(records.size(), 1u);
    live.clear_raw();
    EXPECT_EQ(event_in(records[0].frame()).SerializeAsString(), live.SerializeAsString());
}

TEST(BrokerWithoutJournal, AcksWhatIsLongHandedOn) {
    const BrokerProcess broker(Transport::ipc, {"--journal-durability", "off"});
    Publisher publisher(broker.doors());
    Reader reader(broker.doors());
    reader.ask_ack(producer);
    const auto begin = std::chrono::steady_clock::now();
    publisher.send(sample_frame("a.b", {producer, 1, 0}));
    const auto ack = reader.ack_with(
        producer, [](const v1::PublishAck& answer) { return answer.committed_seq() == 1; });
    EXPECT_FALSE(ack.stored());
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50))
        << "an ack lags behind the event";
}

TEST(BrokerWithoutJournal, SaysSoToWhoAsksForWhatNeedsOne) {
    const BrokerProcess broker(Transport::ipc, {"--journal-durability", "off"});
    Asker asker(broker.doors());
    for (const char* verb : {"history.read", "consumer.open", "consumer.ack", "consumer.remove",
                             "journal.purge", "journal.purges"}) {
        const auto reply = asker.ask(verb);
        EXPECT_EQ(reply.status(), v1::Reply::REJECTED) << verb;
        EXPECT_EQ(reply.code(), "journal_off") << verb;
    }
    EXPECT_EQ(asker.status().journal().state(), v1::JournalStatus::STATE_OFF);
}

}  // namespace
}  // namespace coven::broker
