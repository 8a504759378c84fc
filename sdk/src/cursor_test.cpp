// Durable readers, with the real broker.

#include "reading_for_test.hpp"

namespace coven {
namespace {

using Texts = std::vector<std::string>;

const From logger = From::cursor("logger", From::NewCursor::oldest);

class DurableReader : public Reading {
  protected:
    /// What a consumer gets when it is started now.
    Subscription open() { return reader_.subscribe("a.>", logger); }
    void flush_acks(Subscription& events) { run(events.flush_acks(limit)); }
};

TEST_F(DurableReader, GoesOnBehindWhatItAcknowledged) {
    publish_many("n", 10);
    flush();
    {
        auto events = open();
        const auto ten = take(events, 10);
        events.ack(ten[3]);
        events.ack(ten[6]);
        flush_acks(events);
    }
    auto events = open();
    EXPECT_EQ(texts(events, 3), (Texts{"n 7", "n 8", "n 9"}));
    publish("a.b", "more");
    EXPECT_EQ(texts(events, 1), Texts{"more"});
}

TEST_F(DurableReader, AcknowledgesWhenItEnds) {
    publish_many("n", 2);
    flush();
    {
        Bus program(broker_.endpoints());
        auto events = program.subscribe("a.>", logger);
        events.ack(*events.begin());
    }
    auto events = open();
    EXPECT_EQ(texts(events, 1), Texts{"n 1"});
}

TEST_F(DurableReader, BeginsAtTheNewestEventUnlessToldOtherwise) {
    publish("a.b", "old");
    flush();
    auto events = reader_.subscribe("a.>", From::cursor("other"));
    run(events.ready());
    publish("a.b", "new");
    EXPECT_EQ(texts(events, 1), Texts{"new"});
}

TEST_F(DurableReader, AcknowledgesLiveEventsOnceTheyAreStored) {
    auto events = open();
    run(events.ready());
    for (int i = 0; i < 50; ++i) {
        publish("a.b", "n " + std::to_string(i));
        events.ack(take(events, 1).front());
    }
    flush_acks(events);
    publish("a.b", "next");
    auto again = open();
    EXPECT_EQ(texts(again, 1), Texts{"next"});
}

TEST_F(DurableReader, IsNotBotheredByACrashOfTheBroker) {
    auto events = open();
    publish_many("n", 100);
    events.ack(take(events, 60).back());
    broker_.kill();
    publish_many("m", 10);
    broker_.start();
    flush_acks(events);
    EXPECT_EQ(text_of(take(events, 40).back()), "n 99");
    expect_many(events, "m", 10);
    auto again = open();
    EXPECT_EQ(texts(again, 1), Texts{"n 60"});
}

TEST_F(DurableReader, IsToldWhenAnotherTakesItsPlace) {
    publish_many("n", 2);
    flush();
    auto first = open();
    first.ack(take(first, 1).front());
    flush_acks(first);
    auto second = open();
    EXPECT_EQ(texts(second, 1), Texts{"n 1"});
    first.ack(take(first, 1).front());
    try {
        take(first, 1);
        FAIL() << "another has taken the cursor over";
    } catch (const std::runtime_error& failure) {
        EXPECT_NE(std::string(failure.what()).find("somebody else has opened 'logger'"),
                  std::string::npos)
            << failure.what();
    }
}

TEST_F(DurableReader, IsToldSoonAlsoWhenItHasNothingToAcknowledge) {
    auto first = open();
    run(first.ready());
    auto second = open();
    run(second.ready());
    EXPECT_THROW(take(first, 1), std::runtime_error);
}

TEST_F(DurableReader, LosesNothingWhateverItHadAcknowledged) {
    constexpr int count = 2000;
    publish_many("n", count);
    flush();
    // Each round is a program that dies without a word after some events.
    int acknowledged = -1;
    int seen = -1;
    for (int round = 0; seen < count - 1; ++round) {
        auto program = std::make_unique<Bus>(io_, broker_.endpoints(), clock_, Identity{});
        auto events = program->subscribe("a.>", logger);
        const auto wanted = static_cast<std::size_t>(std::min(150, count - 1 - acknowledged));
        const auto some = take(events, wanted);
        ASSERT_EQ(text_of(some.front()), "n " + std::to_string(acknowledged + 1));
        seen = acknowledged + static_cast<int>(some.size());
        ASSERT_EQ(text_of(some.back()), "n " + std::to_string(seen));
        const auto dealt_with = some.size() / 2;
        events.ack(some[dealt_with]);
        run(events.flush_acks(limit));
        acknowledged += static_cast<int>(dealt_with) + 1;
        ASSERT_LT(round, 100);
    }
}

TEST_F(DurableReader, CannotBeAcknowledgedWithoutAName) {
    auto events = reader_.subscribe("a.>");
    EXPECT_THROW(events.ack(Event()), std::logic_error);
}

}  // namespace
}  // namespace coven
