// Under load, with many subscriptions and restarts of the broker: after the barrier at X
// everything later than X that matches is sent on that connection (G7).

#include <algorithm>
#include <iostream>

#include <gtest/gtest.h>

#include "broker_process.hpp"
#include "coven/v1/event.pb.h"
#include "frame_samples.hpp"
#include "steady_publisher.hpp"

namespace coven::broker {
namespace {

constexpr std::uint64_t producer = 0xba221e2;
constexpr std::size_t event_bytes = 100;
constexpr int connects = 60;
/// On a busy machine the broker may have taken everything each time before it is asked.
constexpr int most_connects = 600;
constexpr int connects_per_restart = 15;
constexpr int prefix_count = 1000;
constexpr int events_per_burst = 500;
/// Looked at behind each barrier.
constexpr int events_wanted = 300;

/// The last of the prefixes to be told to the broker is the one that matches.
const std::string topic = "a.999.x";

std::vector<std::string> prefixes() {
    std::vector<std::string> all;
    all.reserve(prefix_count);
    for (int i = 0; i < prefix_count; ++i) all.push_back("a." + std::to_string(i) + ".");
    return all;
}

/// Publishes on a bus on which there is nothing else, so that offsets are dense.
class Load {
  public:
    explicit Load(const Endpoints& doors) : publisher_(doors, producer, topic, event_bytes) {}

    /// Most of them are still under way when this returns.
    void send() {
        for (int i = 0; i < events_per_burst; ++i) publisher_.send();
    }
    void settle() { publisher_.settle(); }
    std::uint64_t sent() const { return publisher_.sent(); }

  private:
    SteadyPublisher publisher_;
};

/// How many of the offsets behind the barrier are missing among the next events of that epoch.
std::uint64_t missing_after(const v1::Barrier& barrier, Reader& reader) {
    std::uint64_t missing = 0;
    auto last = barrier.offset();
    for (int seen = 0; seen < events_wanted;) {
        const auto frame = reader.next_on(topic);
        if (!frame) return missing + 1;
        const auto event = event_in(*frame);
        if (event.bus_epoch() != barrier.bus_epoch() || event.offset() <= last) continue;
        missing += event.offset() - last - 1;
        last = event.offset();
        ++seen;
    }
    return missing;
}

TEST(Barrier, EverythingBehindItArrivesUnderLoadAndAfterRestarts) {
    BrokerProcess broker(Transport::ipc);
    Load load(broker.doors());
    std::uint64_t in_flight = 0;
    int i = 0;
    for (; i < connects || (in_flight == 0 && i < most_connects); ++i) {
        load.send();
        Reader reader(broker.doors(), prefixes());
        load.send();
        auto barrier = reader.barrier();
        in_flight += load.sent() - std::min(load.sent(), barrier.offset());
        if (i % connects_per_restart == connects_per_restart - 1) {
            broker.kill();
            broker.start();
            load.settle();
            const auto before = barrier.bus_epoch();
            while (barrier.bus_epoch() == before) barrier = reader.barrier();
        }
        ASSERT_EQ(barrier.prefixes(), static_cast<std::uint64_t>(prefix_count));
        load.send();
        ASSERT_EQ(missing_after(barrier, reader), 0u) << "connection " << i;
    }
    std::cout << i << " connections, " << in_flight << " events in flight at barriers\n";
    EXPECT_GT(in_flight, 0u);
}

/// The negative twin: a barrier that is asked for before the subscriptions promises nothing, and
/// the check must see that.
TEST(Barrier, TheCheckSeesWhatABarrierThatCameTooEarlyMisses) {
    const BrokerProcess broker(Transport::ipc);
    Load load(broker.doors());
    std::uint64_t missing = 0;
    for (int i = 0; i < connects && missing == 0; ++i) {
        Reader reader(broker.doors());
        const auto barrier = reader.barrier();
        load.send();
        for (const auto& prefix : prefixes()) reader.subscribe(prefix);
        reader.barrier();
        load.send();
        missing = missing_after(barrier, reader);
        load.settle();
    }
    EXPECT_GT(missing, 0u);
}

}  // namespace
}  // namespace coven::broker
