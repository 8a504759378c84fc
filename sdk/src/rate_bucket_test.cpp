#include "rate_bucket.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Time now = Time(std::chrono::hours(500000));

RateReading reading(std::int64_t remaining, Duration until_reset) {
    RateReading given;
    given.limit = 800;
    given.remaining = remaining;
    given.reset = now + std::chrono::duration_cast<Time::duration>(until_reset);
    return given;
}

TEST(RateReading, TakesOnlyWholeHeaders) {
    HttpResponse answer;
    answer.headers = {{"ratelimit-limit", "800"},
                      {"ratelimit-remaining", "799"},
                      {"ratelimit-reset", "1767225600"}};
    const auto read = RateReading::of(answer);
    EXPECT_EQ(read.limit, 800);
    EXPECT_EQ(read.remaining, 799);
    EXPECT_EQ(read.reset, Time(seconds(1767225600)));
    for (const char* text : {"", "x", "1x", "-1", "99999999999999999999", "1.5"}) {
        answer.headers = {{"ratelimit-remaining", text}, {"ratelimit-reset", text}};
        EXPECT_EQ(RateReading::of(answer).remaining, std::nullopt) << text;
        EXPECT_EQ(RateReading::of(answer).reset, std::nullopt) << text;
    }
    answer.headers = {{"ratelimit-reset", "9223372036854775807"}};
    EXPECT_EQ(RateReading::of(answer).reset, std::nullopt);
}

TEST(RateBucket, IsOpenUntilAnAnswerSaysThatItIsEmpty) {
    RateBucket bucket;
    EXPECT_EQ(bucket.closed_until(), std::nullopt);
    bucket.answered(reading(1, seconds(60)), now);
    EXPECT_EQ(bucket.closed_until(), std::nullopt);
    bucket.answered(reading(0, seconds(60)), now);
    EXPECT_EQ(bucket.closed_until(), now + seconds(60));
    bucket.answered({}, now);
    EXPECT_EQ(bucket.closed_until(), now + seconds(60)) << "an answer without headers says nothing";
    bucket.answered(reading(5, seconds(60)), now);
    EXPECT_EQ(bucket.closed_until(), std::nullopt);
}

TEST(RateBucket, CountsCallsThatAreNotAnsweredYet) {
    RateBucket bucket;
    bucket.answered(reading(2, seconds(60)), now);
    bucket.called();
    EXPECT_EQ(bucket.closed_until(), std::nullopt);
    bucket.called();
    EXPECT_EQ(bucket.closed_until(), now + seconds(60));
    // Whoever calls all the same has waited for the reset.
    bucket.called();
    EXPECT_EQ(bucket.closed_until(), std::nullopt);
}

TEST(RateBucket, WaitsForTheResetThatARefusalNames) {
    RateBucket bucket;
    bucket.refused(now + seconds(7), now);
    EXPECT_EQ(bucket.closed_until(), now + seconds(7));
}

TEST(RateBucket, WaitsLongerEachTimeWithoutAReset) {
    RateBucket bucket;
    for (const int pause : {1, 2, 4, 8, 16, 30, 30}) {
        bucket.refused(std::nullopt, now);
        EXPECT_EQ(bucket.closed_until(), now + seconds(pause));
    }
    bucket.answered({}, now);
    bucket.refused(std::nullopt, now);
    EXPECT_EQ(bucket.closed_until(), now + seconds(1));
}

TEST(RateBucket, BelievesNoClockThatDiffersFromOurs) {
    RateBucket bucket;
    bucket.refused(now - seconds(100), now);
    EXPECT_EQ(bucket.closed_until(), now + seconds(1));
    bucket.refused(now + minutes(500), now);
    EXPECT_EQ(bucket.closed_until(), now + minutes(2));
    bucket.answered(reading(0, minutes(500)), now);
    EXPECT_EQ(bucket.closed_until(), now + minutes(2));
}

}  // namespace
}  // namespace coven
