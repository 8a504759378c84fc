// Nonsense on every door of the real program: counted, and good traffic goes on.

#include <random>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "broker_process.hpp"
#include "coven/token_store.hpp"
#include "frame_samples.hpp"

namespace coven::broker {
namespace {

constexpr int floods = 5000;

std::string noise(std::minstd_rand& random, std::size_t most) {
    std::string bytes(random() % most, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

/// `bytes`, cut somewhere or with a byte changed.
std::string damaged(std::string bytes, std::minstd_rand& random) {
    if (random() % 2 == 0) return bytes.substr(0, random() % bytes.size());
    bytes[random() % bytes.size()] = static_cast<char>(random());
    return bytes;
}

class HostileInput : public testing::Test {
  protected:
    HostileInput() { reader_.barrier(); }
    /// A publisher and a reader that existed before, and ones that come now.
    void expect_good_traffic() {
        Reader newcomer(broker_.doors(), {"good."});
        newcomer.barrier();
        Publisher fresh(broker_.doors());
        fresh.send(frame_without_tail("good.first"));
        ASSERT_TRUE(newcomer.next_on("good.first"));
        publisher_.send(frame_without_tail("good.second"));
        ASSERT_TRUE(newcomer.next_on("good.second"));
        ASSERT_TRUE(reader_.next_on("good.second"));
        EXPECT_EQ(asker_.ask("broker.status").status(), v1::Reply::OK);
    }
    std::uint64_t dropped() {
        std::uint64_t sum = 0;
        const auto status = asker_.status();
        for (const auto& counter : status.dropped()) sum += counter.count();
        return sum;
    }

    std::minstd_rand random_{20261122};
    BrokerProcess broker_{Transport::tcp};
    Publisher publisher_{broker_.doors()};
    Reader reader_{broker_.doors(), {"good."}};
    Asker asker_{broker_.doors()};
};

TEST_F(HostileInput, OnThePublishDoorIsCounted) {
    Publisher hostile(broker_.doors());
    const auto good = sample_frame("bad.topic", {0, 0, 0});
    for (int i = 0; i < floods; ++i) hostile.send(noise(random_, 300));
    for (int i = 0; i < floods; ++i) hostile.send(damaged(good, random_));
    hostile.send(sample_frame("good.end", {0, 0, 0}));
    ASSERT_TRUE(reader_.next_on("good.end"));
    // Each frame was either an event or is counted.
    EXPECT_EQ(dropped() + asker_.status().events(), 2u * floods + 1);
    EXPECT_GT(dropped(), static_cast<std::uint64_t>(floods));
    expect_good_traffic();
}

TEST_F(HostileInput, OnTheSubscribeDoorIsCounted) {
    // An XSUB sends what it likes; a DEALER cannot even connect.
    zmq::socket_t hostile(client_context(), zmq::socket_type::xsub);
    hostile.set(zmq::sockopt::linger, 0);
    hostile.set(zmq::sockopt::sndhwm, 0);
    hostile.connect(broker_.doors().subscribe);
    std::uint64_t nonsense = 0;
    for (int i = 0; i < floods; ++i) {
        auto bytes = noise(random_, 150);
        const bool subscription = !bytes.empty() && (bytes[0] == 0 || bytes[0] == 1);
        if (!subscription) ++nonsense;
        hostile.send(zmq::message_t(bytes), zmq::send_flags::none);
    }
    for (const char* question : {"~s.", "~a.", "~h.", "~a.zz", "~s.\0"}) {
        hostile.send(zmq::message_t(std::string("\1") + question), zmq::send_flags::none);
    }
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    while (asker_.drops("subscription_malformed") < nonsense) {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << asker_.drops("subscription_malformed");
    }
    EXPECT_EQ(asker_.drops("subscription_malformed"), nonsense);
    expect_good_traffic();
}

TEST_F(HostileInput, OnTheRequestDoorIsAnsweredOrCounted) {
    Asker hostile(broker_.doors());
    v1::Request request;
    request.set_id("r");
    request.set_verb("topics.list");
    request.mutable_payload()->PackFrom(v1::TopicsListRequest());
    for (int i = 0; i < floods; ++i) {
        hostile.send({"x" + noise(random_, 300)});
        hostile.send({"", damaged(request.SerializeAsString(), random_)});
        hostile.send({""});
        for (int answers = 0; answers < 3; ++answers) {
            const auto frames = hostile.receive();
            ASSERT_FALSE(frames.empty());
            v1::Reply reply;
            ASSERT_TRUE(reply.ParseFromString(frames.back()));
        }
    }
    EXPECT_GE(asker_.drops("request_malformed"), static_cast<std::uint64_t>(floods));
    expect_good_traffic();
}

TEST_F(HostileInput, AmongAddedChannelsLeavesOnlyLogins) {
    Asker hostile(broker_.doors());
    v1::Request request;
    request.set_verb("channels.add");
    v1::ChannelsChange change;
    change.add_channels("a_login_that_is_long");
    change.add_channels("another_login_of_the_kind");
    request.mutable_payload()->PackFrom(change);
    // Each that is taken waits for the disk.
    constexpr int requests = 300;
    for (int i = 0; i < requests; ++i) {
        hostile.send({"", damaged(request.SerializeAsString(), random_)});
        const auto frames = hostile.receive();
        ASSERT_FALSE(frames.empty());
        ASSERT_TRUE(v1::Reply().ParseFromString(frames.back()));
    }
    v1::ChannelsList list;
    const auto reply = asker_.ask("channels.list", v1::ChannelsListRequest());
    ASSERT_TRUE(reply.payload().UnpackTo(&list)) << reply.message();
    EXPECT_GT(list.channels_size(), 2) << "some were damaged to other logins";
    for (const auto& row : list.channels()) EXPECT_FALSE(login_fault(row.channel()));
    expect_good_traffic();
}

TEST_F(HostileInput, ThatIsNoZeroMQAtAllChangesNothing) {
    for (const auto& door :
         {broker_.doors().publish, broker_.doors().subscribe, broker_.doors().request}) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port =
            htons(static_cast<std::uint16_t>(std::stoi(door.substr(door.rfind(':') + 1))));
        for (int i = 0; i < 50; ++i) {
            const int raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            ASSERT_EQ(connect(raw, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
            const auto bytes = noise(random_, 2000);
            // It may be cut off before it has said everything.
            [[maybe_unused]] const auto sent = send(raw, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            close(raw);
        }
    }
    expect_good_traffic();
}

TEST_F(HostileInput, LargerThanTheDoorAllowsCutsOnlyItsSender) {
    Publisher hostile(broker_.doors());
    hostile.send(std::string((1u << 20) + 1, 'x'));
    expect_good_traffic();
}

}  // namespace
}  // namespace coven::broker
