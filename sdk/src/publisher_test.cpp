#include "publisher.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>
#include <zmq.hpp>

#include "coven/temp_folder.hpp"
#include "coven_testing/turn_until.hpp"

namespace coven {
namespace {

using namespace std::chrono_literals;

/// A publisher, and a PULL in the broker's place that acknowledges nothing.
class PublisherTest : public ::testing::Test {
  protected:
    PublisherTest() {
        pull_.set(zmq::sockopt::linger, 0);
        pull_.bind(endpoints_.publish);
    }
    void publish(int count) {
        for (int i = 0; i < count; ++i) {
            v1::Event event;
            event.set_id(std::to_string(published_++));
            ASSERT_EQ(publisher_.publish("a.b", event), Published::queued);
            most_unsent_ = std::max(most_unsent_, publisher_.outbox().count_unsent());
        }
    }
    /// Reads so many, and sees to their order.
    void expect_events(int count) {
        for (; heard_ < count; ++heard_) {
            zmq::message_t frame;
            const auto size = pull_.recv(frame);
            ASSERT_TRUE(size);
            EXPECT_EQ(Event::parse(frame.to_string_view())->id(), std::to_string(heard_));
        }
    }

    TempFolder folder_;
    Endpoints endpoints_{"ipc://" + folder_.path() + "/p", "ipc://" + folder_.path() + "/s",
                         "ipc://" + folder_.path() + "/r"};
    zmq::context_t context_{1};
    zmq::socket_t pull_{context_, zmq::socket_type::pull};
    boost::asio::io_context io_;
    SystemClock clock_;
    DoorContext doors_;
    Publisher publisher_{io_, doors_, endpoints_, clock_};
    int published_ = 0;
    int heard_ = 0;
    std::size_t most_unsent_ = 0;
};

TEST_F(PublisherTest, SendsTheFirstEventAtOnce) {
    publish(1);
    EXPECT_EQ(publisher_.outbox().count_unsent(), 0u);
    expect_events(1);
}

TEST_F(PublisherTest, GathersWhatFollowsFastAndSendsItSoon) {
    publish(500);
    EXPECT_GT(most_unsent_, 0u);
    EXPECT_LE(most_unsent_, 256u);
    boost::asio::co_spawn(io_, publisher_.run([] {}), boost::asio::detached);
    EXPECT_TRUE(
        testing::turn_until(io_, [this] { return publisher_.outbox().count_unsent() == 0; }));
    expect_events(500);
    // While nothing else happens in the loop.
    publish(3);
    EXPECT_TRUE(
        testing::turn_until(io_, [this] { return publisher_.outbox().count_unsent() == 0; }));
    expect_events(503);
    publisher_.close();
}

}  // namespace
}  // namespace coven
