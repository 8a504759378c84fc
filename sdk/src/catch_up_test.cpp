#include "catch_up.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

using Phase = CatchUp::Phase;
using Verdict = CatchUp::Verdict;

const Time now{std::chrono::hours(500'000)};
const From::Choice first = From::first().choice();

v1::Position at(std::uint64_t epoch, std::uint64_t offset) {
    v1::Position position;
    position.set_bus_epoch(epoch);
    position.set_offset(offset);
    return position;
}

v1::Barrier barrier(std::uint64_t epoch, std::uint64_t offset, std::uint64_t first_offset = 1) {
    v1::Barrier barrier;
    barrier.set_bus_epoch(epoch);
    barrier.set_offset(offset);
    auto& start = *barrier.add_epochs();
    start.set_bus_epoch(epoch);
    start.set_first_offset(first_offset);
    return barrier;
}

struct Said {
    std::string topic;
    std::uint64_t epoch = 1;
    std::uint64_t offset = 0;
    std::string id{};
    std::uint64_t flags = 0;
};

Event event(const Said& said) {
    v1::Event message;
    message.set_id(said.id.empty() ? std::to_string(said.offset) : said.id);
    message.set_bus_epoch(said.epoch);
    message.set_offset(said.offset);
    message.set_flags(said.flags);
    message.set_ingest_us(microseconds_since_epoch(now));
    if (said.flags != 0) {
        message.set_producer_id(1);
        message.set_producer_seq(said.offset);
    }
    return Event::parse(frame_of(said.topic, message)).value();
}

v1::HistoryReadRequest asked(const CatchUp& catch_up) {
    v1::HistoryReadRequest request;
    catch_up.ask_next(request);
    return request;
}

/// One that has read history of epoch 1 up to `offset` and is live.
CatchUp live_from(std::uint64_t offset) {
    CatchUp catch_up(first, now);
    catch_up.read_to(at(1, offset), at(1, offset));
    catch_up.subscribed(barrier(1, offset));
    return catch_up;
}

TEST(CatchUp, AsksFromWhereItIsTold) {
    EXPECT_TRUE(asked(CatchUp(first, now)).has_first());
    EXPECT_EQ(asked(CatchUp(From::position(3, 9).choice(), now)).after().offset(), 9u);
    EXPECT_EQ(asked(CatchUp(From::time(now).choice(), now)).since_us(),
              microseconds_since_epoch(now));
    const auto ago = From::ago(std::chrono::minutes(10)).choice();
    EXPECT_EQ(asked(CatchUp(ago, now)).since_us(), microseconds_since_epoch(now) - 600'000'000);
}

TEST(CatchUp, ReadsHistoryBeforeItSubscribes) {
    CatchUp catch_up(first, now);
    EXPECT_TRUE(catch_up.read_to(at(1, 50), at(1, 100)));
    EXPECT_EQ(catch_up.phase(), Phase::reading);
    EXPECT_EQ(asked(catch_up).after().offset(), 50u);
    EXPECT_TRUE(catch_up.read_to(at(1, 100), at(1, 100)));
    EXPECT_EQ(catch_up.phase(), Phase::subscribing);
}

TEST(CatchUp, ReadsOnUntilItReachesTheBarrier) {
    CatchUp catch_up(first, now);
    catch_up.read_to(at(1, 100), at(1, 100));
    catch_up.subscribed(barrier(1, 120));
    EXPECT_EQ(catch_up.phase(), Phase::joining);
    EXPECT_FALSE(catch_up.read_to(at(1, 100), at(1, 100))) << "nothing was stored meanwhile";
    catch_up.read_to(at(1, 130), at(1, 130));
    EXPECT_EQ(catch_up.phase(), Phase::live);
    EXPECT_EQ(catch_up.heard(event({"a.b", 1, 125})), Verdict::known) << "history went further";
    EXPECT_EQ(catch_up.heard(event({"a.b", 1, 131})), Verdict::hand_out);
}

TEST(CatchUp, TakesTheEndOfAnEpochForTheBarrierOfTheNext) {
    CatchUp catch_up(first, now);
    catch_up.read_to(at(1, 100), at(1, 100));
    catch_up.subscribed(barrier(2, 100, 101));
    EXPECT_EQ(catch_up.phase(), Phase::live);
    EXPECT_EQ(catch_up.heard(event({"a.b", 1, 105})), Verdict::known) << "it was never stored";
    EXPECT_EQ(catch_up.heard(event({"a.b", 2, 101})), Verdict::hand_out);
}

TEST(CatchUp, AsksForAnotherBarrierWhenHistoryIsOfALaterEpoch) {
    CatchUp catch_up(first, now);
    catch_up.read_to(at(1, 100), at(1, 100));
    catch_up.subscribed(barrier(1, 120));
    catch_up.read_to(at(2, 101), at(2, 101));
    EXPECT_EQ(catch_up.phase(), Phase::reading);
}

TEST(CatchUp, FillsALossAndRepeatsNothing) {
    auto catch_up = live_from(10);
    EXPECT_EQ(catch_up.heard(event({"a.a", 1, 11})), Verdict::hand_out);
    EXPECT_EQ(catch_up.heard(event({"a.a", 1, 13})), Verdict::hand_out);
    catch_up.go_back();
    EXPECT_EQ(catch_up.phase(), Phase::reading);
    EXPECT_EQ(asked(catch_up).after().offset(), 10u);
    EXPECT_EQ(catch_up.stored(event({"a.a", 1, 11})), Verdict::known);
    EXPECT_EQ(catch_up.stored(event({"a.b", 1, 12})), Verdict::hand_out);
    EXPECT_EQ(catch_up.stored(event({"a.a", 1, 13})), Verdict::known);
    EXPECT_EQ(catch_up.stored(event({"a.a", 1, 14})), Verdict::hand_out);
}

TEST(CatchUp, DropsWhatCameAgainInANewEpoch) {
    auto catch_up = live_from(10);
    EXPECT_EQ(catch_up.heard(event({"a.a", 1, 11, "x"})), Verdict::hand_out);
    catch_up.go_back();
    EXPECT_EQ(catch_up.stored(event({"a.a", 2, 11, "x"})), Verdict::repeat);
    EXPECT_EQ(catch_up.stored(event({"a.a", 2, 12, "y"})), Verdict::hand_out);
}

TEST(CatchUp, HandsOutEachStateThoughTheyShareAnId) {
    auto catch_up = live_from(10);
    const auto state = static_cast<std::uint64_t>(v1::EVENT_FLAG_STATE);
    EXPECT_EQ(catch_up.heard(event({"a.a", 1, 11, "x", state})), Verdict::hand_out);
    EXPECT_EQ(catch_up.heard(event({"a.a", 1, 12, "x", state})), Verdict::hand_out);
    catch_up.go_back();
    EXPECT_EQ(catch_up.stored(event({"a.a", 2, 12, "x", state})), Verdict::repeat)
        << "its producer has sent the same one again";
}

TEST(CatchUp, GoesBackNoFurtherThanHalfAMinute) {
    auto catch_up = live_from(10);
    for (std::uint64_t second = 1; second <= 100; ++second) {
        catch_up.heard(event({"a.a", 1, 10 + second}));
        catch_up.tick();
    }
    catch_up.go_back();
    EXPECT_EQ(asked(catch_up).after().offset(), 10u + 70);
    EXPECT_EQ(catch_up.stored(event({"a.a", 1, 81})), Verdict::known);
    EXPECT_EQ(catch_up.stored(event({"a.b", 1, 82})), Verdict::hand_out);
}

TEST(CatchUp, GoesOnWithoutHistoryWhereNothingIsStored) {
    CatchUp catch_up(first, now);
    catch_up.read_to(at(1, 100), at(1, 100));
    catch_up.subscribed(barrier(2, 120, 101));
    EXPECT_EQ(catch_up.phase(), Phase::joining);
    const auto lost = catch_up.give_history_up();
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->after_offset(), 100u);
    EXPECT_EQ(lost->through_offset(), 120u);
    EXPECT_EQ(catch_up.heard(event({"a.a", 2, 121, "x"})), Verdict::hand_out);
    catch_up.go_back();
    EXPECT_EQ(asked(catch_up).after().offset(), 100u) << "what is stored later follows there";
    EXPECT_EQ(catch_up.stored(event({"a.a", 3, 101, "x"})), Verdict::repeat);
}

}  // namespace
}  // namespace coven
