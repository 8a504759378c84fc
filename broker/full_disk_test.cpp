// The disk of a real broker runs full and gets room again (G12).

#include <filesystem>
#include <iostream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "broker_process.hpp"
#include "call_players_for_test.hpp"
#include "frame_samples.hpp"
#include "steady_publisher.hpp"

namespace coven::broker {
namespace {

constexpr std::uint64_t producer = 0xd15c;
constexpr std::size_t event_bytes = 8000;
/// More than the disk holds beside the ballast.
constexpr int most_events = 20'000;
/// All that is sent must fit when there is room again, however late the full disk shows.
constexpr std::uint64_t most_in_flight = 1000;
constexpr auto degraded_topic = "bus.broker.main.degraded";

/// 64 MiB of memory as a disk, half of it taken.
class SmallDisk {
  public:
    SmallDisk() {
        mounted_ = mount("none", path().c_str(), "tmpfs", 0, "size=64m") == 0;
        const int ballast = open(file("ballast").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        if (mounted_) {
            EXPECT_EQ(posix_fallocate(ballast, 0, 32 << 20), 0);
        }
        close(ballast);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (mounted_) umount2(path().c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }
    std::string path() const { return folder_.path(); }
    std::string file(const std::string& name) const { return folder_.file(name); }
    void make_room() const { unlink(file("ballast").c_str()); }

  private:
    TempFolder folder_;
    bool mounted_ = false;
};

v1::JournalStatus journal_of(const BrokerProcess& broker) {
    return Asker(broker.doors()).status().journal();
}

/// The next announcement: its event, with the payload.
std::pair<v1::Event, v1::Degraded> announcement(Reader& reader) {
    const auto event = event_in(reader.next_on(degraded_topic).value_or(""));
    v1::Degraded degraded;
    EXPECT_TRUE(event.proto_data().UnpackTo(&degraded));
    return {event, degraded};
}

TEST(FullDisk, StopsAcksNotTheLiveStreamAndGoesOnWhenThereIsRoom) {
    const SmallDisk disk;
    if (!disk.mounted()) GTEST_SKIP() << "no leave to mount; disk_test limits a file instead";
    const BrokerProcess broker(Transport::ipc, {}, {disk.file("data"), {}});
    Reader watcher(broker.doors(), {degraded_topic});
    Reader reader(broker.doors(), {"a.b"});
    watcher.barrier();
    reader.barrier();
    SteadyPublisher publisher(broker.doors(), producer, "a.b", event_bytes);
    const auto first_epoch = publisher.bus_epoch();
    while (journal_of(broker).state() == v1::JournalStatus::STATE_STORING) {
        ASSERT_LT(publisher.sent(), most_events) << "the disk never ran full";
        publisher.take_acks();
        if (publisher.sent() - publisher.acked() >= most_in_flight) continue;
        for (int i = 0; i < 100; ++i) publisher.send();
    }
    publisher.take_acks();
    const auto acked = publisher.acked();
    const auto in_flight = publisher.sent() - acked;
    std::cout << acked << " events stored, " << in_flight << " in flight\n";
    ASSERT_GT(acked, 0u);
    ASSERT_GT(in_flight, 0u);
    const auto [begun, degraded] = announcement(watcher);
    EXPECT_FALSE(degraded.reason().empty());
    EXPECT_GE(degraded.committed(), acked) << "something was acknowledged that is not stored";
    const auto missed = publisher.sent() - degraded.committed();
    EXPECT_EQ(begun.flags(), v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_NOT_STORED);
    EXPECT_GT(begun.bus_epoch(), first_epoch);

    // Live goes on, flagged, in the second epoch; nothing of it is acknowledged.
    publisher.send();
    v1::Event last;
    while (last.producer_seq() < publisher.sent()) {
        last = event_in(reader.next_on("a.b").value_or(""));
        ASSERT_GT(last.producer_seq(), 0u) << "the live stream stopped";
    }
    EXPECT_EQ(last.flags() & v1::EVENT_FLAG_NOT_STORED, v1::EVENT_FLAG_NOT_STORED);
    EXPECT_EQ(last.bus_epoch(), begun.bus_epoch());
    publisher.take_acks();
    EXPECT_LE(publisher.acked(), degraded.committed());

    disk.make_room();
    const auto [ended, over] = announcement(watcher);
    EXPECT_TRUE(over.reason().empty());
    EXPECT_EQ(ended.flags(), v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER);
    EXPECT_EQ(ended.offset(), over.committed() + 1) << "it begins behind what is stored";
    publisher.settle();
    EXPECT_EQ(publisher.acked(), publisher.sent());
    EXPECT_FALSE(publisher.betrayed());
    EXPECT_GE(publisher.sent_again(), missed);
    EXPECT_EQ(journal_of(broker).state(), v1::JournalStatus::STATE_STORING);

    std::uint64_t seq = 0;
    for (const auto& record : Asker(broker.doors()).stored("a.b")) {
        const auto event = event_in(record.frame());
        ASSERT_EQ(event.producer_seq(), ++seq);
        ASSERT_EQ(event.topic_seq(), seq);
        ASSERT_EQ(event.flags() & v1::EVENT_FLAG_NOT_STORED, 0u);
    }
    EXPECT_EQ(seq, publisher.sent());
}

/// Publishes until nothing is stored any more; `connector` goes on beating.
void fill(const BrokerProcess& broker, PlayedConnector& connector) {
    SteadyPublisher publisher(broker.doors(), producer, "a.b", event_bytes);
    while (journal_of(broker).state() == v1::JournalStatus::STATE_STORING) {
        ASSERT_LT(publisher.sent(), most_events) << "the disk never ran full";
        for (int i = 0; i < 100; ++i) publisher.send();
        connector.waiting();
    }
}

TEST(FullDisk, PromisesNoKeysAndStoresLaterHowCallsEnded) {
    const SmallDisk disk;
    if (!disk.mounted()) GTEST_SKIP() << "no leave to mount";
    BrokerProcess broker(Transport::ipc, {}, {disk.file("data"), {}});
    PlayedConnector connector(broker.doors(), "chat-1");
    Caller caller(broker.doors());
    caller.send("1", call_to("xqc", "key"));
    const auto id = connector.next().id();
    fill(broker, connector);
    EXPECT_EQ(words(connector.answer(id)), "RATE_LIMITED not_stored") << "it must say it again";
    EXPECT_EQ(words(caller.reply()), "OK");
    EXPECT_EQ(words(caller.call("2", call_to("xqc", "other key"))), "RATE_LIMITED not_stored");
    EXPECT_EQ(connector.waiting(), 0u);
    caller.send("3", call_to("xqc"));
    EXPECT_EQ(words(connector.answer(connector.next().id())), "OK") << "it has no key";
    EXPECT_EQ(words(caller.reply()), "OK");

    disk.make_room();
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    while (connector.answer(id).status() != v1::Reply::OK) {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << "it is never stored";
    }
    broker.kill();
    broker.start();
    connector.reconnect();
    connector.say("connector.beat");
    Caller again(broker.doors());
    EXPECT_EQ(words(again.call("4", call_to("xqc", "key"))), "OK");
    again.send("5", call_to("xqc", "other key"));
    EXPECT_EQ(words(connector.answer(connector.next().id())), "OK");
    EXPECT_EQ(words(again.reply()), "OK");
}

/// The negative twin: without a journal acks go on, on a disk that is full, and the checks above
/// must see that they promise nothing.
TEST(FullDisk, WithoutAJournalTheChecksSeeThatAcksPromiseNothing) {
    const SmallDisk disk;
    if (!disk.mounted()) GTEST_SKIP() << "no leave to mount";
    BrokerProcess broker(Transport::ipc, {"--journal-durability", "off"}, {disk.file("data"), {}});
    SteadyPublisher publisher(broker.doors(), producer, "a.b", event_bytes);
    constexpr std::uint64_t more_than_fits = 8000;
    constexpr std::uint64_t burst = 500;
    while (publisher.sent() < more_than_fits) {
        publisher.send();
        if (publisher.sent() % burst == 0) publisher.settle();
    }
    EXPECT_EQ(publisher.acked(), publisher.sent()) << "acks did not stop";
    EXPECT_EQ(journal_of(broker).state(), v1::JournalStatus::STATE_OFF);
    broker.kill();
    broker.start();
    publisher.connect(broker.doors());
    EXPECT_TRUE(publisher.betrayed());
}

TEST(FailingDisk, EndsTheBrokerBeforeItPromisesAnything) {
    BrokerProcess broker(
        Transport::ipc, {},
        // Without the search for leaks, which cannot work under strace.
        {"",
         {"/usr/bin/env", "ASAN_OPTIONS=detect_leaks=0", "/usr/bin/strace", "-f", "-qq", "-o",
          "/dev/null", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=20+"}});
    SteadyPublisher publisher(broker.doors(), producer, "a.b", event_bytes);
    // No more than ZeroMQ holds: a broker that is gone takes nothing.
    constexpr std::uint64_t window = 500;
    while (broker.running() && publisher.sent() < most_events) {
        publisher.take_acks();
        if (publisher.sent() - publisher.acked() < window) publisher.send();
    }
    EXPECT_EQ(broker.wait(), 1);
    const auto acked = publisher.acked();
    const auto in_flight = publisher.sent() - acked;
    std::cout << acked << " events acknowledged, " << in_flight << " in flight\n";
    ASSERT_GT(acked, 0u);
    ASSERT_GT(in_flight, 0u);
    broker.unwrap();
    broker.start();
    publisher.connect(broker.doors());
    EXPECT_FALSE(publisher.betrayed());
    publisher.settle();
    EXPECT_EQ(publisher.acked(), publisher.sent());
}

}  // namespace
}  // namespace coven::broker
