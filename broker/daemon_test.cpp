// How the real program starts and ends.

#include <csignal>

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "frame_samples.hpp"

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

/// It takes about a tenth of a second; machines are busy.
constexpr auto stop_deadline = 5s;

TEST(Daemon, EndsCleanlyAndSoon) {
    for (const int number : {SIGTERM, SIGINT}) {
        BrokerProcess broker(Transport::tcp);
        // Readers and publishers, one of them with something unread.
        Reader reader(broker.doors(), {"a."});
        reader.barrier();
        Publisher publisher(broker.doors());
        publisher.send(frame_without_tail("a.b"));
        ASSERT_TRUE(reader.next_on("a.b"));
        const auto begin = std::chrono::steady_clock::now();
        broker.signal(number);
        EXPECT_EQ(broker.stop(), 0);
        EXPECT_LT(std::chrono::steady_clock::now() - begin, stop_deadline);
    }
}

TEST(Daemon, NumbersFromOneInAGreaterEpochAfterEachRestartWithoutAJournal) {
    BrokerProcess broker(Transport::ipc, {"--journal-durability", "off"});
    std::uint64_t last = 0;
    for (int i = 0; i < 4; ++i) {
        Reader reader(broker.doors(), {"a."});
        const auto barrier = reader.barrier();
        EXPECT_GT(barrier.bus_epoch(), last);
        EXPECT_EQ(barrier.offset(), 0u);
        last = barrier.bus_epoch();
        Publisher publisher(broker.doors());
        publisher.send(frame_without_tail("a.b"));
        const auto frame = reader.next_on("a.b");
        ASSERT_TRUE(frame);
        EXPECT_EQ(event_in(*frame).bus_epoch(), last);
        EXPECT_EQ(event_in(*frame).offset(), 1u);
        if (i % 2 == 0) {
            broker.kill();
        } else {
            broker.stop();
        }
        broker.start();
    }
}

TEST(Daemon, GoesOnAfterItWasFrozen) {
    const BrokerProcess broker(Transport::ipc);
    Reader reader(broker.doors(), {"a."});
    reader.barrier();
    Publisher publisher(broker.doors());
    for (int i = 0; i < 20; ++i) {
        broker.signal(SIGSTOP);
        publisher.send(frame_without_tail("a.b"));
        broker.signal(SIGCONT);
        ASSERT_TRUE(reader.next_on("a.b"));
    }
}

TEST(Daemon, RefusesTheDataOfAnotherBroker) {
    const BrokerProcess broker(Transport::ipc);
    const auto failed = start_in_vain({"--data", broker.data(), "--bus.publish",
                                       "tcp://127.0.0.1:0", "--bus.subscribe", "tcp://127.0.0.1:0",
                                       "--bus.request", "tcp://127.0.0.1:0"});
    EXPECT_EQ(failed.status, 2);
    EXPECT_EQ(failed.words, "coven-broker: another broker uses the data folder '" + broker.data() +
                                "': stop it, or set [broker] data to another folder\n");
    Reader reader(broker.doors());
    EXPECT_GT(reader.barrier().bus_epoch(), 0u) << "the first one goes on";
}

TEST(Daemon, RefusesDoorsThatAreTaken) {
    for (const auto transport : {Transport::ipc, Transport::tcp}) {
        const BrokerProcess broker(transport);
        const TempFolder folder;
        const auto failed =
            start_in_vain({"--data", folder.path(), "--bus.publish", "ipc://" + folder.file("p"),
                           "--bus.subscribe", broker.doors().subscribe, "--bus.request",
                           "ipc://" + folder.file("r")});
        EXPECT_EQ(failed.status, 1);
        EXPECT_EQ(failed.words,
                  "coven-broker: cannot open the subscribe door at '" + broker.doors().subscribe +
                      "': Address already in use: does another broker run? stop it, or set [bus] "
                      "subscribe to another address\n");
        Reader reader(broker.doors());
        EXPECT_GT(reader.barrier().bus_epoch(), 0u) << "the first one goes on";
    }
}

TEST(Daemon, SaysWhichAddressIsNone) {
    const TempFolder folder;
    const auto failed = start_in_vain({"--data", folder.path(), "--bus.publish", "nonsense"});
    EXPECT_EQ(failed.status, 2);
    EXPECT_EQ(failed.words,
              "coven-broker: --bus-publish is no address such as tcp://127.0.0.1:5555 or "
              "ipc:///run/coven/publish: 'nonsense'\n");
}

TEST(Daemon, SaysWhichDoorCannotBeOpenedAndWhatToDo) {
    const TempFolder folder;
    const auto address = "ipc://" + folder.file("no/such/folder/publish");
    const auto failed = start_in_vain({"--data", folder.path(), "--bus.publish", address});
    EXPECT_EQ(failed.status, 1);
    EXPECT_EQ(
        failed.words.find("coven-broker: cannot open the publish door at '" + address + "': "), 0u)
        << failed.words;
    EXPECT_NE(failed.words.find(": set [bus] publish to another address\n"), std::string::npos);
}

TEST(Daemon, SaysThatItsDataFolderIsUnusable) {
    const auto failed = start_in_vain({"--data", "/proc/nowhere"});
    EXPECT_EQ(failed.status, 2);
    EXPECT_EQ(failed.words.find("coven-broker: cannot make the data folder '/proc/nowhere': "), 0u)
        << failed.words;
    EXPECT_EQ(start_in_vain({"--max_topics", "0"}).status, 2);
}

}  // namespace
}  // namespace coven::broker
