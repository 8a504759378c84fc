#include "coven/event.hpp"

#include <regex>

#include <gtest/gtest.h>

#include "twitch/v1/chat.pb.h"

namespace coven {
namespace {

TEST(Event, IsSplitAtTheFirstNul) {
    v1::Event message;
    message.set_id("a");
    twitch::v1::ChatMessage line;
    line.set_text("hello");
    message.mutable_proto_data()->PackFrom(line);
    const auto frame = frame_of("twitch.chat.xqc.message", message);
    EXPECT_EQ(frame, std::string("twitch.chat.xqc.message") + '\0' + message.SerializeAsString());
    const auto event = Event::parse(frame);
    ASSERT_TRUE(event.has_value());
    EXPECT_EQ(event->topic(), "twitch.chat.xqc.message");
    EXPECT_EQ(event->id(), "a");
    EXPECT_EQ(event->payload_as<twitch::v1::ChatMessage>()->text(), "hello");
    EXPECT_FALSE(event->payload_as<v1::SourceGap>().has_value());
    EXPECT_FALSE(event->lost().has_value());
}

TEST(Event, RefusesFramesThatHoldNone) {
    EXPECT_EQ(Event::parse("no end").error().message, "frame has no NUL after its topic");
    const std::string garbage("topic\0\xff\xff\xff", 9);
    EXPECT_EQ(Event::parse(garbage).error().message,
              "frame holds no Event after its topic: 'topic'");
}

TEST(Event, OfALossCarriesTheLoss) {
    v1::Lost lost;
    lost.set_topic("twitch.chat.xqc.message");
    lost.set_first_seq(5);
    lost.set_last_seq(9);
    const auto event = Event::of_loss(lost);
    EXPECT_EQ(event.topic(), "twitch.chat.xqc.message");
    EXPECT_EQ(event.type(), "coven.lost");
    ASSERT_TRUE(event.lost().has_value());
    EXPECT_EQ(event.lost()->last_seq(), 9u);
    EXPECT_EQ(event.payload_as<v1::Lost>()->first_seq(), 5u);
}

TEST(UuidV7, IsWellFormedUniqueAndSortsByTime) {
    const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    const auto early = uuid_v7(1700000000000);
    const auto late = uuid_v7(1700000000001);
    EXPECT_TRUE(std::regex_match(early, form)) << early;
    EXPECT_LT(early, late);
    EXPECT_NE(uuid_v7(1), uuid_v7(1));
}

}  // namespace
}  // namespace coven
