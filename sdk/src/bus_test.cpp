#include "coven/bus.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "coven/connector.hpp"
#include "coven_testing/test_bus.hpp"
#include "run_to_end.hpp"
#include "twitch/v1/chat.pb.h"

namespace coven {
namespace {

namespace asio = boost::asio;
using coven::testing::TestBus;

constexpr std::chrono::seconds limit{30};
const Topic topic = Topic::parse("twitch.chat.xqc.message").value();

v1::Event line(const std::string& text) {
    twitch::v1::ChatMessage message;
    message.set_text(text);
    v1::Event event;
    event.set_id(text);
    event.set_type("tv.twitch.chat.message");
    event.mutable_proto_data()->PackFrom(message);
    return event;
}

std::string text_of(const Event& event) {
    const auto message = event.payload_as<twitch::v1::ChatMessage>();
    return message ? message->text() : event.type();
}

/// A loop with a publisher and a reader, as two programs would have.
class BusTest : public ::testing::Test {
  protected:
    void publish(const std::string& text) {
        auto event = line(text);
        ASSERT_EQ(writer_.publish(topic, event), Published::queued);
    }

    /// Runs `job` to its end, or fails at the deadline.
    void run(asio::awaitable<void> job) {
        run_to_end(io_, within(clock_, limit, "end of the job", std::move(job)));
    }

    static asio::awaitable<void> collect(Subscription& events, std::size_t count,
                                         std::vector<Event>& collected) {
        while (collected.size() < count) {
            auto event = co_await events.next();
            collected.push_back(std::move(event));
        }
    }

    std::vector<Event> take(Subscription& events, std::size_t count) {
        std::vector<Event> collected;
        run(collect(events, count, collected));
        return collected;
    }

    asio::awaitable<void> answered(v1::Request request) {
        const auto reply = co_await writer_.request(request, limit);
        reply.payload().UnpackTo(&connectors_);
    }

    v1::ConnectorsList connectors_;
    TestBus bus_;
    asio::io_context io_{1};
    SystemClock clock_;
    Bus writer_{io_, bus_.endpoints(), clock_, Identity{"chat", "chat-1", {}, {}}};
    Bus reader_{io_, bus_.endpoints(), clock_, Identity{}};
};

TEST_F(BusTest, CarriesAnEventWithItsNumbers) {
    auto events = reader_.subscribe("twitch.chat.xqc.>");
    run(events.ready());
    publish("hello");
    const auto event = take(events, 1).front();
    EXPECT_EQ(event.topic(), "twitch.chat.xqc.message");
    EXPECT_EQ(text_of(event), "hello");
    EXPECT_EQ(event.source(), "/coven/chat/chat-1");
    EXPECT_EQ(event.message().spec_version(), "1.0");
    EXPECT_EQ(event.message().topic_seq(), 1u);
    EXPECT_GT(event.message().offset(), 0u);
    EXPECT_GT(event.message().bus_epoch(), 0u);
    EXPECT_GT(event.message().received_us(), 0u);
    EXPECT_GT(event.message().ingest_us(), 0u);
}

TEST_F(BusTest, ReusesAnEventWithoutLeavingTraces) {
    auto events = reader_.subscribe("twitch.chat.xqc.message");
    run(events.ready());
    auto event = line("again");
    event.clear_id();
    EXPECT_EQ(writer_.publish(topic, event), Published::queued);
    EXPECT_EQ(writer_.publish(topic, event), Published::queued);
    EXPECT_TRUE(event.id().empty());
    const auto both = take(events, 2);
    EXPECT_NE(both[0].id(), both[1].id());
    EXPECT_EQ(both[1].message().topic_seq(), 2u);
}

TEST_F(BusTest, KeepsTheOrderOfManyEvents) {
    auto events = reader_.subscribe("twitch.>");
    run(events.ready());
    for (int i = 0; i < 5000; ++i) publish(std::to_string(i));
    const auto all = take(events, 5000);
    for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(text_of(all[i]), std::to_string(i));
    run(writer_.flush(limit));
}

TEST_F(BusTest, HandsOutOnlyWhatThePatternsMatch) {
    std::vector<Pattern> patterns = {Pattern("twitch.*.xqc.message"), Pattern("twitch.chat.*.gap")};
    auto events = reader_.subscribe(std::move(patterns));
    run(events.ready());
    for (const char* name : {"twitch.chat.forsen.message", "twitch.chat.xqc.gap",
                             "bus.chat.chat-1.x", "twitch.heat.xqc.message"}) {
        auto event = line(name);
        ASSERT_EQ(writer_.publish(Topic::parse(name).value(), event), Published::queued);
    }
    const auto both = take(events, 2);
    EXPECT_EQ(both[0].topic(), "twitch.chat.xqc.gap");
    EXPECT_EQ(both[1].topic(), "twitch.heat.xqc.message");
}

TEST_F(BusTest, DropsARepeatOfTheSameTopicAndId) {
    auto events = reader_.subscribe("twitch.chat.xqc.message");
    run(events.ready());
    publish("one");
    publish("one");
    publish("two");
    const auto both = take(events, 2);
    EXPECT_EQ(text_of(both[1]), "two");
    EXPECT_EQ(events.duplicates(), 1u);
}

TEST_F(BusTest, BecomesReadyWhileEventsPourIn) {
    for (int round = 0; round < 100; ++round) {
        for (int i = 0; i < 20; ++i) publish(std::to_string(round * 20 + i));
        auto events = reader_.subscribe("twitch.>");
        for (int i = 0; i < 20; ++i) publish("more " + std::to_string(round * 20 + i));
        run(events.ready());
    }
}

TEST_F(BusTest, HandsOutEachStateThoughTheyShareAnId) {
    auto events = reader_.subscribe("twitch.chat.xqc.message");
    run(events.ready());
    for (const char* text : {"live", "live, new title"}) {
        auto event = line(text);
        event.set_id("stream 1");
        event.set_flags(v1::EVENT_FLAG_STATE);
        ASSERT_EQ(writer_.publish(topic, event), Published::queued);
    }
    const auto both = take(events, 2);
    EXPECT_EQ(text_of(both[1]), "live, new title");
}

TEST_F(BusTest, RefusesAnEventThatIsTooLarge) {
    auto event = line(std::string(70'000, 'x'));
    EXPECT_EQ(writer_.publish(topic, event), Published::too_large);
}

TEST_F(BusTest, FillsItsOutboxAndSaysSoWhenTheBrokerIsAway) {
    bus_.kill();
    auto published = Published::queued;
    int count = 0;
    for (; published == Published::queued && count < 30'000; ++count) {
        auto event = line(std::to_string(count));
        published = writer_.publish(topic, event);
    }
    EXPECT_EQ(published, Published::outbox_full);
    EXPECT_EQ(count, 20'001);
    bus_.start();
    run(writer_.room());
    run(writer_.flush(limit));
}

/// Events that are missing according to `loss`.
std::uint64_t count_of(const v1::Lost& loss) {
    return loss.first_seq() == 0 ? 0 : loss.last_seq() - loss.first_seq() + 1;
}

TEST_F(BusTest, NamesWhatItMissedOverARestartOfTheBrokerByItsNumbers) {
    auto events = reader_.subscribe("twitch.chat.xqc.message");
    run(events.ready());
    publish("before");
    EXPECT_EQ(text_of(take(events, 1).front()), "before");
    run(writer_.flush(limit));
    bus_.kill();
    for (int i = 0; i < 100; ++i) publish("away " + std::to_string(i));
    bus_.start();
    // A SUB sends its subscriptions again only when its program asks it for events, and the reader
    // does not until all is published and acknowledged: it misses all of it, and must say so
    // although nothing follows.
    run(writer_.flush(limit));

    std::vector<Event> after;
    run(collect(events, 2, after));
    ASSERT_TRUE(after[0].lost() && after[1].lost());
    EXPECT_EQ(after[0].lost()->reason(), v1::Lost::REASON_EPOCH_ENDED);
    EXPECT_EQ(after[1].topic(), topic.text());
    // The journal has kept the numbers: the first event was seen before.
    EXPECT_EQ(after[1].lost()->first_seq(), 2u);
    EXPECT_EQ(after[1].lost()->last_seq(), 101u);
    publish("next");
    EXPECT_EQ(text_of(take(events, 1).front()), "next");
}

TEST_F(BusTest, LosesNothingOfWhatIsPublishedWhileItReads) {
    auto events = reader_.subscribe("twitch.chat.xqc.message");
    run(events.ready());
    bus_.kill();
    for (int i = 0; i < 100; ++i) publish("away " + std::to_string(i));
    bus_.start();
    std::uint64_t accounted = 0;
    while (accounted < 100) {
        const auto event = take(events, 1).front();
        accounted += event.lost() ? count_of(*event.lost()) : 1;
    }
    EXPECT_EQ(accounted, 100u);
}

TEST_F(BusTest, LeavesNothingBehindWhenItDiesWhileItLooksForLosses) {
    for (int round = 0; round < 3; ++round) {
        auto events = reader_.subscribe("twitch.chat.xqc.message");
        run(events.ready());
        bus_.kill();
        bus_.start();
        // It has just asked the new broker for the heads of its topics.
        EXPECT_TRUE(take(events, 1).front().lost());
    }
    auto after = reader_.subscribe("bus.broker.main.tick");
    take(after, 2);
}

TEST_F(BusTest, GivesTheLoopItsTurnsWhileEventsPourIn) {
    auto events = reader_.subscribe("twitch.>");
    run(events.ready());
    for (int i = 0; i < 5000; ++i) publish(std::to_string(i));
    run(writer_.flush(limit));
    std::vector<Event> collected;
    int turns = 0;
    const auto count_turns = [](int& counted) -> asio::awaitable<void> {
        for (;; ++counted) co_await asio::post(asio::use_awaitable);
    };
    const auto both = [](asio::awaitable<void> one,
                         asio::awaitable<void> other) -> asio::awaitable<void> {
        co_await race(std::move(one), std::move(other));
    };
    run(both(collect(events, 5000, collected), count_turns(turns)));
    EXPECT_GE(turns, 5000 / 100);
}

TEST_F(BusTest, IsNotTakenForGoneBecauseOfALongReason) {
    auto events = reader_.subscribe("bus.chat.chat-1.state");
    run(events.ready());
    std::string reason = "\xff";
    for (int i = 0; i < 400; ++i) reason += "€";
    writer_.report(v1::Presence::STATE_DEGRADED, reason);
    const auto said = take(events, 1).front().payload_as<v1::Presence>()->reason();
    EXPECT_EQ(said.substr(0, 6), "\xef\xbf\xbd€");
    EXPECT_EQ(said.size(), 498u);
    v1::Request request;
    request.set_verb("connectors.list");
    run(answered(request));
    EXPECT_EQ(connectors_.connectors(0).presence().reason(), said);
}

TEST_F(BusTest, SaysThatAnEndpointIsNoAddress) {
    EXPECT_THROW(Bus({"nonsense", "nonsense", "nonsense"}).subscribe("twitch.>"),
                 std::runtime_error);
}

TEST_F(BusTest, AsksTheBroker) {
    v1::Request request;
    request.set_verb("broker.status");
    Bus blocking(bus_.endpoints());
    const auto reply = blocking.ask(request, limit);
    EXPECT_EQ(reply.status(), v1::Reply::OK);
    v1::BrokerStatus status;
    EXPECT_TRUE(reply.payload().UnpackTo(&status));
    EXPECT_GT(status.bus_epoch(), 0u);
}

TEST_F(BusTest, GivesUpOnARequestThatNobodyAnswers) {
    bus_.freeze();
    v1::Request request;
    request.set_verb("broker.status");
    Bus blocking(bus_.endpoints());
    EXPECT_THROW(blocking.ask(request, std::chrono::milliseconds(100)), TimedOut);
    bus_.thaw();
}

TEST_F(BusTest, IsReadByAProgramWithoutALoop) {
    Bus blocking(bus_.endpoints());
    auto events = blocking.subscribe("twitch.chat.xqc.>");
    std::vector<std::string> texts;
    events.wait_ready();
    for (int i = 0; i < 3; ++i) publish("line " + std::to_string(i));
    run(writer_.flush(limit));
    for (const auto& event : events) {
        texts.push_back(text_of(event));
        if (texts.back() == "line 2") break;
    }
    EXPECT_EQ(texts, (std::vector<std::string>{"line 0", "line 1", "line 2"}));
}

TEST_F(BusTest, ReportsPresenceUntilItIsGone) {
    auto events = reader_.subscribe("bus.chat.chat-1.state");
    run(events.ready());
    const auto state_of = [](const Event& event) {
        return event.payload_as<v1::Presence>()->state();
    };
    writer_.report(v1::Presence::STATE_STARTING, "");
    writer_.report(v1::Presence::STATE_READY, "2 of 2 channels joined");
    writer_.report(v1::Presence::STATE_READY, "2 of 2 channels joined");
    writer_.report(v1::Presence::STATE_DRAINING, "told to stop");
    const auto states = take(events, 3);
    EXPECT_EQ(state_of(states[0]), v1::Presence::STATE_STARTING);
    EXPECT_EQ(state_of(states[1]), v1::Presence::STATE_READY);
    EXPECT_EQ(states[1].message().flags(), v1::EVENT_FLAG_STATE);
    EXPECT_EQ(state_of(states[2]), v1::Presence::STATE_DRAINING);
    writer_.close();
    const auto gone = take(events, 1).front();
    EXPECT_EQ(state_of(gone), v1::Presence::STATE_GONE);
    EXPECT_EQ(gone.source(), "/coven/broker/main");
}

TEST_F(BusTest, SaysItsPresenceAgainToANewBroker) {
    auto events = reader_.subscribe("bus.chat.chat-1.state");
    run(events.ready());
    writer_.report(v1::Presence::STATE_READY, "well");
    take(events, 1);
    run(writer_.flush(limit));
    bus_.kill();
    bus_.start();
    EXPECT_EQ(take(events, 1).front().lost()->reason(), v1::Lost::REASON_EPOCH_ENDED);
    // Said before this reader was back, it is a loss with its number; it was said in either case.
    const auto again = take(events, 1).front();
    if (again.lost()) {
        EXPECT_EQ(again.topic(), "bus.chat.chat-1.state");
        EXPECT_EQ(again.lost()->last_seq(), 2u);
        return;
    }
    EXPECT_EQ(again.payload_as<v1::Presence>()->state(), v1::Presence::STATE_READY);
}

/// Throws the first time, waits for ever the second time.
class Stumbling final : public Connector {
  public:
    asio::awaitable<void> run(Bus& bus) override {
        if (++runs == 1) throw std::runtime_error("tripped");
        bus.report(v1::Presence::STATE_READY, "");
        co_await bus.clock().sleep(std::chrono::hours(1));
    }

    int runs = 0;
};

TEST_F(BusTest, KeepsAConnectorRunningAndTellsWhatHappened) {
    auto events = reader_.subscribe("bus.chat.chat-1.state");
    run(events.ready());
    Stumbling connector;
    std::vector<Event> states;
    const auto both = [](Connector& job, Bus& bus,
                         asio::awaitable<void> other) -> asio::awaitable<void> {
        co_await race(run_connector(job, bus), std::move(other));
    };
    run(both(connector, writer_, collect(events, 3, states)));
    EXPECT_EQ(connector.runs, 2);
    const auto degraded = states[1].payload_as<v1::Presence>();
    EXPECT_EQ(degraded->state(), v1::Presence::STATE_DEGRADED);
    EXPECT_EQ(degraded->reason(), "tripped");
    EXPECT_EQ(states[2].payload_as<v1::Presence>()->state(), v1::Presence::STATE_READY);
}

}  // namespace
}  // namespace coven
