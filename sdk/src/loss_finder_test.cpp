#include "loss_finder.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

const std::string topic = "twitch.chat.xqc.message";

std::string text_of(const v1::Lost& lost) {
    if (lost.reason() == v1::Lost::REASON_EPOCH_ENDED) {
        return "epoch " + std::to_string(lost.bus_epoch()) + " ended after " +
               std::to_string(lost.after_offset());
    }
    return lost.topic() + " " + std::to_string(lost.first_seq()) + "-" +
           std::to_string(lost.last_seq()) + " in epoch " + std::to_string(lost.bus_epoch());
}

std::vector<std::string> texts_of(const std::vector<v1::Lost>& losses) {
    std::vector<std::string> texts;
    texts.reserve(losses.size());
    for (const auto& lost : losses) texts.push_back(text_of(lost));
    return texts;
}

using Texts = std::vector<std::string>;

v1::HeadBeacon head(std::uint64_t epoch, std::uint64_t offset, std::uint64_t topic_seq) {
    v1::HeadBeacon beacon;
    beacon.set_topic(topic);
    beacon.set_bus_epoch(epoch);
    beacon.set_offset(offset);
    beacon.set_topic_seq(topic_seq);
    return beacon;
}

TEST(LossFinder, FindsNothingWhenNothingIsMissing) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 105, 9, 90})), Texts{});
    EXPECT_EQ(texts_of(finder.arrive("other", {1, 106, 1, 0})), Texts{});
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 107, 10, 105})), Texts{});
}

TEST(LossFinder, NamesTheMissingRangeExactly) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    finder.arrive(topic, {1, 105, 9, 90});
    const auto losses = finder.arrive(topic, {1, 130, 14, 125});
    EXPECT_EQ(texts_of(losses), Texts{topic + " 10-13 in epoch 1"});
    EXPECT_EQ(losses[0].after_offset(), 105u);
    EXPECT_EQ(losses[0].through_offset(), 125u);
}

TEST(LossFinder, DoesNotClaimWhatLiesBehindTheBarrier) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 101, 50, 100})), Texts{});
}

TEST(LossFinder, LeavesTheNumberOpenForATopicThatItNeverSaw) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 110, 50, 109})), Texts{topic + " 0-49 in epoch 1"});
}

TEST(LossFinder, PromisesNothingBeforeTheBarrier) {
    LossFinder finder;
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 10, 5, 9})), Texts{});
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 20, 9, 19})), Texts{});
    EXPECT_EQ(texts_of(finder.confirm(1, 25, 1)), Texts{});
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 26, 12, 25})), Texts{});
}

TEST(LossFinder, SaysThatAnEpochEndedAndCountsTheNewOneFromItsFirstEvent) {
    LossFinder finder;
    finder.confirm(1, 0, 1);
    finder.arrive(topic, {1, 3, 3, 2});
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 9, 5, 8})), Texts{"epoch 1 ended after 3"});
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 20, 8, 18})), Texts{topic + " 6-7 in epoch 2"});
    EXPECT_EQ(texts_of(finder.confirm(2, 30, 1)), Texts{topic + " 1-4 in epoch 2"});
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 31, 9, 20})), Texts{});
}

TEST(LossFinder, GoesOnWithTheNumbersOfTheEpochBeforeWhereTheyWereStored) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    finder.arrive(topic, {1, 105, 9, 90});
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 111, 10, 105})), Texts{"epoch 1 ended after 105"});
    EXPECT_EQ(texts_of(finder.confirm(2, 111, 111)), Texts{});
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 112, 11, 111})), Texts{});
}

TEST(LossFinder, NamesWhatWasStoredInTheEpochBeforeAndNeverCame) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    finder.arrive(topic, {1, 105, 9, 90});
    EXPECT_EQ(texts_of(finder.confirm(2, 110, 111)), Texts{"epoch 1 ended after 105"});
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 111, 12, 110})),
              Texts{topic + " 10-11 in epoch 2"});
}

TEST(LossFinder, ForgetsTheNumbersThatTheNewEpochHandsOutAnew) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    finder.arrive(topic, {1, 104, 8, 90});
    finder.arrive(topic, {1, 105, 9, 104});
    // 105 was never stored: it is another event now.
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 105, 9, 104})), Texts{"epoch 1 ended after 105"});
    EXPECT_EQ(texts_of(finder.confirm(2, 105, 105)), Texts{});
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 108, 12, 107})),
              Texts{topic + " 10-11 in epoch 2"});
}

TEST(LossFinder, CountsFromTheFirstThatIsNumberedAnewNotFromTheLast) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    for (std::uint64_t i = 0; i < 20; ++i) finder.arrive(topic, {1, 105 + i, 9 + i, 104 + i});
    // 110 and later were never stored, 9 to 13 were.
    finder.confirm(2, 109, 110);
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 115, 19, 114})),
              Texts{topic + " 14-18 in epoch 2"});
}

TEST(LossFinder, LeavesTheNumberOpenWhenTooMuchIsNumberedAnew) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    for (std::uint64_t i = 0; i < 10'000; ++i) finder.arrive(topic, {1, 105 + i, 9 + i, 104 + i});
    finder.confirm(2, 109, 110);
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 115, 19, 114})), Texts{topic + " 0-18 in epoch 2"});
}

TEST(LossFinder, ATopicWhoseEventsAreAllNumberedAnewHadNone) {
    LossFinder finder;
    finder.confirm(1, 100, 1);
    finder.arrive(topic, {1, 105, 1, 0});
    finder.confirm(2, 104, 105);
    EXPECT_EQ(texts_of(finder.arrive(topic, {2, 110, 3, 109})), Texts{topic + " 1-2 in epoch 2"});
}

TEST(LossFinder, AHeadSaysNothingBeforeTheEpochIsPlaced) {
    LossFinder finder;
    finder.confirm(1, 0, 1);
    finder.arrive(topic, {1, 3, 3, 2});
    finder.arrive("other", {2, 9, 1, 0});
    EXPECT_FALSE(finder.check(head(2, 8, 5)).has_value());
    EXPECT_EQ(texts_of(finder.confirm(2, 9, 4)), Texts{});
    EXPECT_EQ(text_of(finder.check(head(2, 8, 5)).value()), topic + " 4-5 in epoch 2");
}

TEST(LossFinder, AnEpochThatEndsUnplacedIsComparedWithNothing) {
    LossFinder finder;
    finder.confirm(1, 0, 1);
    finder.arrive(topic, {1, 3, 3, 2});
    finder.arrive(topic, {2, 9, 4, 3});
    EXPECT_EQ(texts_of(finder.arrive(topic, {3, 9, 4, 3})), Texts{"epoch 2 ended after 9"});
    EXPECT_EQ(texts_of(finder.confirm(3, 9, 1)), Texts{topic + " 1-3 in epoch 3"});
}

TEST(LossFinder, KeepsTheLineWhenTheConnectionIsANewOne) {
    LossFinder finder;
    finder.confirm(1, 0, 1);
    finder.arrive(topic, {1, 3, 3, 2});
    EXPECT_EQ(texts_of(finder.confirm(1, 50, 1)), Texts{});
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 51, 6, 40})), Texts{topic + " 4-5 in epoch 1"});
}

TEST(LossFinder, SeesALostTailByTheHead) {
    LossFinder finder;
    finder.confirm(1, 0, 1);
    finder.arrive(topic, {1, 3, 3, 2});
    EXPECT_FALSE(finder.check(head(1, 3, 3)).has_value());
    const auto lost = finder.check(head(1, 8, 5));
    ASSERT_TRUE(lost.has_value());
    EXPECT_EQ(text_of(*lost), topic + " 4-5 in epoch 1");
    // Said once.
    EXPECT_FALSE(finder.check(head(1, 8, 5)).has_value());
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 9, 6, 8})), Texts{});
}

TEST(LossFinder, IgnoresHeadsOfOtherEpochsAndEventsWithoutNumbers) {
    LossFinder finder;
    finder.confirm(2, 0, 1);
    EXPECT_FALSE(finder.check(head(1, 8, 5)).has_value());
    EXPECT_EQ(texts_of(finder.arrive(topic, {})), Texts{});
    EXPECT_EQ(texts_of(finder.arrive(topic, {1, 50, 40, 30})), Texts{});
}

}  // namespace
}  // namespace coven
