#include "subscription.hpp"

#include <string>

#include <gtest/gtest.h>

namespace coven::broker {
namespace {

using Kind = Subscription::Kind;

std::string frame_for(std::string_view prefix) { return '\1' + std::string(prefix); }

TEST(Subscription, IsAByteAndAPrefix) {
    const auto frame = frame_for("twitch.chat.xqc.");
    const auto subscription = read_subscription(frame);
    ASSERT_TRUE(subscription);
    EXPECT_TRUE(subscription->subscribe);
    EXPECT_EQ(subscription->kind, Kind::prefix);
    EXPECT_EQ(subscription->prefix, "twitch.chat.xqc.");
    EXPECT_FALSE(read_subscription(std::string("\0a", 2))->subscribe);
}

TEST(Subscription, IsNothingElse) {
    EXPECT_FALSE(read_subscription(""));
    EXPECT_FALSE(read_subscription("\2a"));
    EXPECT_FALSE(read_subscription("twitch.chat."));
}

TEST(Subscription, OfABarrierOrOfAcksIsAQuestion) {
    using namespace std::string_literals;
    const auto barrier = frame_for("~s.8f3a\0"s);
    EXPECT_EQ(read_subscription(barrier)->kind, Kind::barrier);
    EXPECT_EQ(read_subscription(barrier)->topic, "~s.8f3a");
    const auto ack = frame_for("~a.00ff00ff00ff00ff\0"s);
    EXPECT_EQ(read_subscription(ack)->kind, Kind::ack);
    EXPECT_EQ(read_subscription(ack)->producer_id, 0x00ff00ff00ff00ffu);
    EXPECT_EQ(read_subscription(ack)->topic, "~a.00ff00ff00ff00ff");
}

TEST(Subscription, OfWhatCannotBeAnsweredIsNoPrefixEither) {
    using namespace std::string_literals;
    const std::string rows[] = {"~s.8f3a"s,
                                "~s.\0"s,
                                "~s.a\0b\0"s,
                                "~s."s,
                                "~a.\0"s,
                                "~a.00ff\0"s,
                                "~a.00FF00FF00FF00FF\0"s,
                                "~a.00ff00ff00ff00fg\0"s,
                                "~a.00ff00ff00ff00ff"s,
                                "~a.000ff00ff00ff00ff\0"s};
    for (const auto& prefix : rows) {
        const auto frame = frame_for(prefix);
        EXPECT_EQ(read_subscription(frame)->kind, Kind::other_question) << prefix;
    }
}

TEST(Subscription, IsAtMostATopicAndItsNul) {
    const auto exact = frame_for(std::string(200, 'a') + '\0');
    EXPECT_FALSE(read_subscription(exact)->too_long());
    const auto longer = frame_for(std::string(202, 'a'));
    EXPECT_TRUE(read_subscription(longer)->too_long());
    const auto beacon = frame_for("~h." + std::string(200, 'a') + '\0');
    EXPECT_EQ(read_subscription(beacon)->kind, Kind::prefix);
    EXPECT_FALSE(read_subscription(beacon)->too_long());
}

}  // namespace
}  // namespace coven::broker
