// What a connector says of itself and of its channels, to a real broker.

#include <set>
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

using Names = std::vector<std::string>;

Names names_of(const std::vector<Replicas::Instance>& instances) {
    Names names;
    for (const auto& instance : instances) names.push_back(instance.name);
    return names;
}

asio::awaitable<void> until_there(Bus& bus, Names names) {
    while (names_of(bus.replicas().there) != names) co_await bus.replicas_changed();
}

asio::awaitable<void> until_gone(Bus& bus, Names names) {
    while (names_of(bus.replicas().gone) != names) co_await bus.replicas_changed();
}

TEST_F(HeraldTest, KnowsOnlyItselfBeforeTheBrokerIsHeard) {
    EXPECT_EQ(names_of(writer_.replicas().there), Names{"chat-1"});
    EXPECT_TRUE(writer_.replicas().gone.empty());
}

TEST_F(HeraldTest, HearsWhenAnotherOfItsKindComesAndGoes) {
    writer_.report(v1::Presence::STATE_READY, "");
    Bus dice(io_, bus_.endpoints(), clock_, Identity{"dice", "dice-1", {}, {}});
    dice.report(v1::Presence::STATE_READY, "");
    {
        Bus other(io_, bus_.endpoints(), clock_, Identity{"chat", "chat-2", {}, {}});
        other.report(v1::Presence::STATE_READY, "");
        run(until_there(writer_, {"chat-1", "chat-2"}));
        run(until_there(other, {"chat-1", "chat-2"}));
        EXPECT_TRUE(writer_.replicas().gone.empty());
        // While it drains, the others take over.
        other.report(v1::Presence::STATE_DRAINING, "told to stop");
        run(until_there(writer_, {"chat-1"}));
        EXPECT_EQ(names_of(other.replicas().there), (Names{"chat-1", "chat-2"}));
        other.close();
    }
    run(until_gone(writer_, {"chat-2"}));
    EXPECT_EQ(names_of(writer_.replicas().there), Names{"chat-1"});
    EXPECT_GT(writer_.replicas().gone.front().last_beat, clock_.now() - limit);
}

asio::awaitable<void> add_channel(Bus& bus, std::string channel) {
    v1::ChannelsChange change;
    change.add_channels(channel);
    const auto request = request_of("channels.add", change);
    const auto reply = co_await bus.request(request, limit);
    EXPECT_EQ(reply.status(), v1::Reply::OK) << reply.message();
}

/// Until the broker is sure that it has heard everybody.
asio::awaitable<void> until_settled(Bus& bus) {
    constexpr std::chrono::milliseconds pause{50};
    v1::ConnectorReady ready;
    ready.mutable_presence()->set_kind("witness");
    ready.mutable_presence()->set_instance("witness-1");
    const auto request = request_of("connector.beat", ready);
    v1::ConnectorHeard heard;
    heard.mutable_kind()->set_settling(true);
    while (heard.kind().settling()) {
        co_await bus.clock().sleep(pause);
        const auto reply = co_await bus.request(request, limit);
        EXPECT_TRUE(reply.payload().UnpackTo(&heard));
    }
}

/// Collects what it hears of the others until then.
asio::awaitable<void> until_added(Bus& bus, Names channels, std::set<Names>& there) {
    while (bus.replicas().added != channels) {
        there.insert(names_of(bus.replicas().there));
        co_await bus.replicas_changed();
    }
    there.insert(names_of(bus.replicas().there));
}

TEST_F(HeraldTest, ARestartOfTheBrokerDoesNotMakeThemForgetEachOther) {
    Bus other(io_, bus_.endpoints(), clock_, Identity{"chat", "chat-2", {}, {}});
    writer_.report(v1::Presence::STATE_READY, "");
    other.report(v1::Presence::STATE_READY, "");
    run(until_settled(reader_));
    run(add_channel(reader_, "ann"));
    std::set<Names> heard;
    run(until_added(writer_, {"ann"}, heard));
    run(until_there(writer_, {"chat-1", "chat-2"}));
    heard.clear();
    bus_.kill();
    bus_.start();
    run(add_channel(reader_, "bob"));
    run(until_added(writer_, {"ann", "bob"}, heard));
    EXPECT_EQ(heard, (std::set<Names>{{"chat-1", "chat-2"}}));
}

}  // namespace
}  // namespace coven
