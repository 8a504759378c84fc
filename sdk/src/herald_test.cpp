// What a connector says of itself and of its channels, to a real broker.

#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven/bus.hpp"
#include "coven/race.hpp"
#include "coven_testing/test_bus.hpp"
#include "run_to_end.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds limit{30};

class HeraldTest : public ::testing::Test {
  protected:
    /// Runs `job` to its end, or fails at the deadline.
    void run(asio::awaitable<void> job) {
        run_to_end(io_, within(clock_, limit, "end of the job", std::move(job)));
    }

    testing::TestBus bus_;
    asio::io_context io_{1};
    SystemClock clock_;
    Bus writer_{io_, bus_.endpoints(), clock_, Identity{"chat", "chat-1", {}, {}}};
    Bus reader_{io_, bus_.endpoints(), clock_, Identity{}};
};

asio::awaitable<void> hear_reasons(Subscription& events, std::size_t count,
                                   std::vector<std::string>& reasons) {
    while (reasons.size() < count) {
        const auto event = co_await events.next();
        const auto presence = event.payload_as<v1::Presence>();
        if (presence) reasons.push_back(presence->reason());
    }
}

TEST_F(HeraldTest, PublishesAnotherReasonOfTheSameStateOnceASecond) {
    auto events = reader_.subscribe("bus.chat.chat-1.state");
    run(events.ready());
    for (int joined = 0; joined < 300; ++joined) {
        writer_.report(v1::Presence::STATE_STARTING, std::to_string(joined) + " of 300");
    }
    std::vector<std::string> said;
    run(hear_reasons(events, 2, said));
    EXPECT_EQ(said, (std::vector<std::string>{"0 of 300", "299 of 300"}));
}

asio::awaitable<void> until_listed(Bus& bus, int count) {
    constexpr std::chrono::milliseconds pause{5};
    // A question to a broker that was just killed gets no answer.
    constexpr std::chrono::milliseconds patience{500};
    v1::Request request;
    request.set_verb("channels.list");
    v1::ChannelsList list;
    while (list.channels_size() != count) {
        const auto first = co_await race(bus.request(request, limit), bus.clock().sleep(patience));
        if (first.index() == 0) {
            EXPECT_TRUE(std::get<0>(first).payload().UnpackTo(&list));
        }
        co_await bus.clock().sleep(pause);
    }
}

TEST_F(HeraldTest, TellsTheBrokerItsChannelsAndANewBrokerAllOfThemAgain) {
    v1::ChannelState channel;
    channel.set_state(v1::ChannelState::STATE_JOINED);
    writer_.report(v1::Presence::STATE_READY, "");
    for (const char* login : {"ann", "bob", "eve"}) {
        channel.set_channel(login);
        writer_.report_channel(channel);
    }
    run(until_listed(reader_, 3));
    bus_.kill();
    bus_.start();
    run(until_listed(reader_, 3));
    writer_.report_channel(channel);
    channel.set_channel("zoe");
    writer_.report_channel(channel);
    run(until_listed(reader_, 4));
}

}  // namespace
}  // namespace coven
