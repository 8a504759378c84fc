#include "session_state.hpp"

#include <gtest/gtest.h>

namespace coven::sim::eventsub {
namespace {

using namespace std::chrono_literals;
using What = SessionState::Due::What;

constexpr Instant start = Instant() + 1000s;

SessionState fresh(std::chrono::seconds keepalive = 10s) { return {{}, keepalive, start}; }

/// One that has a subscription and so lasts.
SessionState used(std::chrono::seconds keepalive = 10s) {
    auto state = fresh(keepalive);
    state.has_subscriptions(1, start);
    return state;
}

TEST(EventSubState, BendsTheWishForKeepalivesToWhatIsAllowed) {
    EXPECT_EQ(fresh(1s).keepalive(), 10s);
    EXPECT_EQ(fresh(30s).keepalive(), 30s);
    EXPECT_EQ(fresh(9999s).keepalive(), 600s);
}

TEST(EventSubState, EndsWithoutASubscriptionInTime) {
    auto state = fresh();
    EXPECT_EQ(state.due(start + 9s).what, What::nothing);
    EXPECT_EQ(state.next(), start + 10s);
    EXPECT_EQ(state.due(start + 10s).what, What::close);
    EXPECT_EQ(state.due(start + 10s).code, CloseCode::unused);
    state.has_subscriptions(1, start + 9s);
    EXPECT_NE(state.due(start + 10s).what, What::close);
    state.has_subscriptions(0, start + 20s);
    state.has_subscriptions(0, start + 29s);
    EXPECT_NE(state.due(start + 29s).what, What::close);
    EXPECT_EQ(state.due(start + 30s).code, CloseCode::unused) << "since the last one went";
}

TEST(EventSubState, SaysThatItLivesWhenNothingElseWasSaid) {
    auto state = used();
    EXPECT_EQ(state.due(start + 9s).what, What::nothing);
    EXPECT_EQ(state.due(start + 10s).what, What::keepalive);
    state.sent(start + 5s);
    EXPECT_EQ(state.due(start + 14s).what, What::nothing);
    EXPECT_EQ(state.due(start + 15s).what, What::keepalive);
    EXPECT_EQ(state.next(), start + 15s);
}

TEST(EventSubState, WantsItsPingsAnswered) {
    auto state = used(600s);
    EXPECT_EQ(state.due(start + 30s).what, What::ping);
    state.pinged(start + 30s);
    EXPECT_EQ(state.due(start + 39s).what, What::nothing);
    EXPECT_EQ(state.due(start + 40s).code, CloseCode::failed_ping_pong);
    state.ponged();
    EXPECT_EQ(state.due(start + 40s).what, What::nothing);
    EXPECT_EQ(state.due(start + 60s).what, What::ping);
    state.pinged(start + 60s);
    state.pinged(start + 65s);
    EXPECT_EQ(state.due(start + 70s).what, What::close) << "one unanswered ping is enough";
}

TEST(EventSubState, LeavesAfterTheGraceWhetherItWasReplacedOrNot) {
    auto state = used();
    state.asked_to_reconnect(start);
    EXPECT_NE(state.due(start + 29s).what, What::close);
    EXPECT_EQ(state.due(start + 30s).code, CloseCode::grace_expired);
    state.has_subscriptions(0, start + 1s);
    state.was_replaced();
    EXPECT_NE(state.due(start + 29s).what, What::close) << "its subscriptions have moved";
    EXPECT_EQ(state.due(start + 30s).code, CloseCode::grace_expired);
}

}  // namespace
}  // namespace coven::sim::eventsub
