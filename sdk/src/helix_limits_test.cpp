#include <gtest/gtest.h>

#include "helix_stage_for_test.hpp"

namespace coven {
namespace {

using testing::http_answer;
using Kind = HelixError::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* too_many =
    R"({"error":"Too Many Requests","status":429,"message":"too many"})";

class HelixLimitsTest : public HelixTest {
  protected:
    std::vector<std::string> headers(int remaining, seconds until_reset) const {
        const auto now = std::chrono::floor<seconds>(clock_.now()).time_since_epoch();
        return {"Ratelimit-Limit: 800", "Ratelimit-Remaining: " + std::to_string(remaining),
                "Ratelimit-Reset: " + std::to_string((now + until_reset).count())};
    }
};

TEST_F(HelixLimitsTest, WaitsForTheResetWhenNothingRemains) {
    server_.answer(http_answer(200, "{}", headers(0, seconds(20))));
    server_.answer_always(http_answer(200, "{}"));
    EXPECT_TRUE(call(get("/users")).has_value());
    EXPECT_EQ(helix_.numbers().limit, 800);
    EXPECT_EQ(helix_.numbers().remaining, 0);
    const auto before = passed();
    EXPECT_TRUE(call(get("/streams")).has_value());
    EXPECT_GE(passed() - before, seconds(20) - milliseconds(100));
    EXPECT_LE(passed() - before, seconds(22));
}

TEST_F(HelixLimitsTest, HoldsUpNoOtherAccount) {
    server_.answer(http_answer(200, "{}", headers(0, seconds(20))));
    server_.answer_always(http_answer(200, "{}"));
    EXPECT_TRUE(call(get("/users")).has_value());
    tokens_.account = "bob";
    const auto before = passed();
    EXPECT_TRUE(call(get("/users")).has_value());
    EXPECT_LE(passed() - before, milliseconds(100));
}

TEST_F(HelixLimitsTest, GoesOnWhenAnotherAnswerSaysThatThereIsRoom) {
    server_.answer(http_answer(200, "{}", headers(1, seconds(30))));
    EXPECT_TRUE(call(get("/users")).has_value());
    server_.hold();
    server_.answer_always(http_answer(200, "{}", headers(5, seconds(30))));
    const auto first = begin_call(get("/users"));
    const auto second = begin_call(get("/users"));
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 2; }));
    server_.release(1);
    settle();
    EXPECT_TRUE(first->has_value());
    EXPECT_FALSE(second->has_value());
    clock_.advance(io_, seconds(1));
    ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == 3; }));
    server_.release(1);
    EXPECT_TRUE(drive(second).has_value());
}

TEST_F(HelixLimitsTest, WaitsAfterA429WithHeaders) {
    server_.answer(http_answer(429, too_many, headers(0, seconds(10))));
    server_.answer(http_answer(200, "{}", headers(799, seconds(60))));
    auto wanted = get("/chat/messages");
    wanted.method = HttpRequest::Method::post;
    EXPECT_TRUE(call(wanted).has_value());
    EXPECT_GE(passed(), seconds(10));
    EXPECT_LE(passed(), seconds(12));
}

TEST_F(HelixLimitsTest, WaitsAfterA429WithoutHeadersLongerEachTime) {
    for (int times = 0; times < 3; ++times) server_.answer(http_answer(429, too_many));
    server_.answer(http_answer(200, "{}"));
    EXPECT_TRUE(call(get("/users")).has_value());
    EXPECT_GE(passed(), seconds(1 + 2 + 4));
    EXPECT_LE(passed(), seconds(1 + 2 + 4 + 4));
}

TEST_F(HelixLimitsTest, HoldsUpOnlyTheEndpointWhoseOwnLimitItIs) {
    server_.answer(http_answer(429, too_many, headers(700, seconds(6))));
    const auto shoutout = begin_call(get("/chat/shoutouts"));
    settle();
    EXPECT_FALSE(shoutout->has_value());
    server_.answer_always(http_answer(200, "{}"));
    const auto users = begin_call(get("/users"));
    settle();
    EXPECT_TRUE(users->has_value());
    const auto second = begin_call(get("/chat/shoutouts"));
    settle();
    EXPECT_FALSE(second->has_value());
    EXPECT_EQ(passed(), seconds(0));
    EXPECT_TRUE(drive(shoutout).has_value());
    EXPECT_TRUE(drive(second).has_value());
    EXPECT_GE(passed(), seconds(1));
    EXPECT_LE(passed(), seconds(3));
}

TEST_F(HelixLimitsTest, GivesUpWhatWouldWaitTooLong) {
    server_.answer_always(http_answer(429, too_many, headers(0, seconds(90))));
    const auto error = call(get("/users")).error();
    EXPECT_EQ(error.kind, Kind::limited);
    EXPECT_EQ(error.status, 429);
    EXPECT_EQ(error.twitch_message, "too many");
    EXPECT_EQ(
        error.message,
        "GET /helix/users for user 'xqc' failed: Twitch answered 429 'too many', and the rate "
        "limit of account 'ann' leaves no room for 90 s; ask less often");
    const auto next = call(get("/streams")).error();
    EXPECT_EQ(next.kind, Kind::limited);
    EXPECT_EQ(next.status, 0);
    EXPECT_EQ(server_.seen().size(), 1u) << "it is not even asked";
}

TEST_F(HelixLimitsTest, GivesUpOnA429WithoutEnd) {
    server_.answer_always(http_answer(429, too_many));
    EXPECT_EQ(call(get("/users")).error().kind, Kind::limited);
    EXPECT_LE(passed(), seconds(61));
    EXPECT_LE(server_.seen().size(), 8u);
}

TEST_F(HelixLimitsTest, HasEightCallsInFlightAtMost) {
    constexpr std::size_t all = 50;
    server_.answer_always(http_answer(200, "{}", headers(700, seconds(60))));
    server_.hold();
    std::vector<Answer> answers;
    for (std::size_t number = 0; number < all; ++number) {
        answers.push_back(begin_call(get("/users")));
    }
    for (std::size_t given = 0; given < all; ++given) {
        const auto come = std::min(given + 8, all);
        ASSERT_TRUE(turn_until(io_, [&] { return server_.seen().size() == come; }));
        server_.release(1);
    }
    ASSERT_TRUE(settle());
    for (const auto& answer : answers) EXPECT_TRUE(answer->has_value() && (*answer)->has_value());
    EXPECT_EQ(server_.most_at_once(), 8u);
    EXPECT_EQ(helix_.numbers().answers[2], all);
}

}  // namespace
}  // namespace coven
