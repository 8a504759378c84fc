// Subscriptions with a past, with the real broker.

#include "reading_for_test.hpp"

namespace coven {
namespace {

using Texts = std::vector<std::string>;

class History : public Reading {};

TEST_F(History, ComesBeforeWhatHappensNow) {
    publish_many("old", 3);
    flush();
    auto events = reader_.subscribe("a.>", From::first());
    expect_many(events, "old", 3);
    publish_many("new", 3);
    expect_many(events, "new", 3);
}

TEST_F(History, BeginsWhereItIsTold) {
    publish_many("old", 3);
    flush();
    auto all = reader_.subscribe("a.>", From::first());
    const auto old = take(all, 3);
    const auto second = Time(std::chrono::microseconds(old[1].message().ingest_us()));
    publish("a.b", "new");
    flush();
    auto after = reader_.subscribe("a.>", From::position(old[1]));
    EXPECT_EQ(texts(after, 2), (Texts{"old 2", "new"}));
    auto since = reader_.subscribe("a.>", From::time(second + std::chrono::microseconds(1)));
    EXPECT_GT(take(since, 1).front().message().ingest_us(), old[1].message().ingest_us());
    auto ago = reader_.subscribe("a.>", From::ago(std::chrono::hours(1)));
    EXPECT_EQ(texts(ago, 4), (Texts{"old 0", "old 1", "old 2", "new"}));
}

TEST_F(History, IsMergedWithALiveStreamThatDoesNotPause) {
    publish_many("n", 20'000);
    auto events = reader_.subscribe("a.b", From::first());
    for (int i = 0; i < 20'000; ++i) {
        ASSERT_EQ(text_of(take(events, 1).front()), "n " + std::to_string(i));
        publish("a.b", "n " + std::to_string(20'000 + i));
    }
    for (int i = 20'000; i < 40'000; ++i) {
        ASSERT_EQ(text_of(take(events, 1).front()), "n " + std::to_string(i));
    }
    EXPECT_EQ(events.duplicates(), 0u);
}

TEST_F(History, HasNoHoleAndNoRepeatOverCrashesOfTheBroker) {
    constexpr int count = 9'000;
    auto events = reader_.subscribe("a.b", From::first());
    int published = 0;
    for (int i = 0; i < count; ++i) {
        for (; published < count && published < i + 500; ++published) {
            publish("a.b", "n " + std::to_string(published));
        }
        if (i % 3000 == 1500) {
            broker_.kill();
            broker_.start();
        }
        const auto event = take(events, 1).front();
        ASSERT_FALSE(event.lost()) << event.lost()->ShortDebugString();
        ASSERT_EQ(text_of(event), "n " + std::to_string(i));
    }
    EXPECT_GE(events.repairs(), 1u);
}

TEST_F(History, RepairsWhatAFrozenReaderMissed) {
    // More than what the queues of ZeroMQ hold on the way to a reader that reads nothing.
    constexpr int count = 220'000;
    auto events = reader_.subscribe("a.b", From::first());
    publish_many("first", 1000);
    expect_many(events, "first", 1000);
    // One without a past sees what the other one repairs.
    auto twin = reader_.subscribe("a.b");
    run(twin.ready());
    publish_many("n", count);
    flush();
    const std::vector<Event> all = take(events, count);
    for (int i = 0; i < count; ++i) {
        ASSERT_EQ(text_of(all[static_cast<std::size_t>(i)]), "n " + std::to_string(i));
    }
    publish("a.b", "last");
    EXPECT_EQ(texts(events, 1), Texts{"last"});
    auto event = take(twin, 1).front();
    while (!event.lost() && text_of(event) != "last") event = take(twin, 1).front();
    EXPECT_TRUE(event.lost()) << "nothing went missing, so nothing was proven";
}

TEST_F(History, IsReadByAProgramWithoutALoop) {
    publish_many("n", 3);
    flush();
    Bus blocking(broker_.endpoints());
    Texts found;
    for (const auto& event : blocking.subscribe("a.>", From::first())) {
        found.push_back(text_of(event));
        if (found.size() == 3) break;
    }
    EXPECT_EQ(found, (Texts{"n 0", "n 1", "n 2"}));
}

class SmallHistory : public Reading {
  protected:
    SmallHistory() : Reading({"--journal-keep-size", "1MiB"}) {}
};

TEST_F(SmallHistory, SaysWhatIsTruncatedBeforeWhatFollows) {
    publish("a.b", "start");
    flush();
    auto all = reader_.subscribe("a.b", From::first());
    const auto start = take(all, 1).front();
    const std::string padding(10'000, 'x');
    for (int i = 0; i < 2000; ++i) publish("a.b", padding + std::to_string(i));
    flush();
    auto events = reader_.subscribe("a.b", From::position(start));
    const auto first = take(events, 1).front();
    ASSERT_TRUE(first.truncated()) << first.message().offset();
    EXPECT_EQ(first.truncated()->from(), start.message().offset() + 1);
    EXPECT_EQ(first.truncated()->reason(), v1::Truncated::REASON_RETENTION);
    EXPECT_EQ(first.truncated()->family(), "b");
    auto next = first.truncated()->to();
    while (next < start.message().offset() + 2000) {
        const auto event = take(events, 1).front();
        ASSERT_FALSE(event.is_missing());
        ASSERT_EQ(event.message().offset(), ++next);
    }
}

class NoHistory : public Reading {
  protected:
    NoHistory() : Reading({"--journal-durability", "off"}) {}
};

TEST_F(NoHistory, IsSaidInTheBrokersWords) {
    for (const auto& from : {From::first(), From::cursor("logger")}) {
        auto events = reader_.subscribe("a.>", from);
        try {
            run(events.ready());
            FAIL() << "there is no journal";
        } catch (const std::runtime_error& failure) {
            EXPECT_NE(std::string(failure.what()).find("needs a journal"), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace coven
