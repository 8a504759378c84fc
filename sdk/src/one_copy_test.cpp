#include "coven/one_copy.hpp"

#include <gtest/gtest.h>

#include "twitch/v1/chat_notice.pb.h"

namespace coven {
namespace {

constexpr std::uint64_t second = 1'000'000;
constexpr std::uint64_t start = 1'790'000'000 * second;

twitch::v1::ChatMessage message(const std::string& channel_id, const std::string& source_channel_id,
                                const std::string& source_id) {
    twitch::v1::ChatMessage message;
    message.set_channel_id(channel_id);
    if (source_id.empty()) return message;
    message.mutable_shared_chat()->set_source_channel_id(source_channel_id);
    message.mutable_shared_chat()->set_source_message_id(source_id);
    return message;
}

Event event_of(const google::protobuf::Message& payload, std::uint64_t received_us) {
    v1::Event event;
    event.set_received_us(received_us);
    event.mutable_proto_data()->PackFrom(payload);
    return Event::parse(frame_of("twitch.chat.x.message", event)).value();
}

/// A reader of some channels, named by their ids.
class Reader : public testing::Test {
  protected:
    bool wants(const std::string& channel_id, const std::string& source_channel_id,
               const std::string& source_id) {
        return one_copy_.wants(event_of(message(channel_id, source_channel_id, source_id), now_));
    }

    OneCopy one_copy_;
    std::uint64_t now_ = start;
};

using OneCopyOfAMessage = Reader;

TEST_F(OneCopyOfAMessage, IsTheOriginalWhereItsChannelIsFollowed) {
    EXPECT_TRUE(wants("1", "", ""));
    EXPECT_FALSE(wants("2", "1", "a"));
    EXPECT_FALSE(wants("3", "1", "a"));
    EXPECT_TRUE(wants("1", "1", "a"));
    EXPECT_FALSE(wants("4", "1", "a"));
    EXPECT_EQ(one_copy_.passed_over(), 3u);
}

TEST_F(OneCopyOfAMessage, IsTheFirstWhereItsChannelIsNotFollowed) {
    EXPECT_TRUE(wants("2", "1", "a"));
    EXPECT_FALSE(wants("3", "1", "a"));
    EXPECT_TRUE(wants("3", "1", "b"));
    EXPECT_FALSE(wants("2", "1", "b"));
}

TEST_F(OneCopyOfAMessage, IsNeverTwoWhenItsChannelTurnsOutToBeFollowed) {
    EXPECT_TRUE(wants("2", "1", "a"));
    EXPECT_FALSE(wants("1", "1", "a"));
    EXPECT_FALSE(wants("2", "1", "b"));
    EXPECT_TRUE(wants("1", "1", "b"));
}

TEST_F(OneCopyOfAMessage, IsTheFirstAgainWhenItsChannelIsNotHeardAnyMore) {
    EXPECT_TRUE(wants("1", "", ""));
    now_ += 60 * second;
    EXPECT_FALSE(wants("2", "1", "a"));
    now_ += 1;
    EXPECT_TRUE(wants("2", "1", "b"));
}

TEST_F(OneCopyOfAMessage, IsWhatIsWrittenOutsideOfASharedChat) {
    EXPECT_TRUE(wants("1", "", ""));
    EXPECT_TRUE(wants("1", "", ""));
}

TEST_F(OneCopyOfAMessage, MayBeANotice) {
    const auto wants_notice = [this](const std::string& channel_id) {
        twitch::v1::ChatNotice notice;
        *notice.mutable_message() = message(channel_id, "1", "a");
        return one_copy_.wants(event_of(notice, now_));
    };
    EXPECT_TRUE(wants_notice("2"));
    EXPECT_FALSE(wants_notice("3"));
    EXPECT_FALSE(wants_notice("1"));
}

TEST_F(OneCopyOfAMessage, LetsAllElsePass) {
    EXPECT_TRUE(one_copy_.wants(event_of(v1::SourceGap(), now_)));
    EXPECT_TRUE(one_copy_.wants(Event::of_loss(v1::Lost())));
    EXPECT_EQ(one_copy_.passed_over(), 0u);
}

TEST_F(OneCopyOfAMessage, LetsPassWhatHasNoSourceId) {
    auto strange = message("2", "1", "a");
    strange.mutable_shared_chat()->clear_source_message_id();
    EXPECT_TRUE(one_copy_.wants(event_of(strange, now_)));
    EXPECT_TRUE(one_copy_.wants(event_of(strange, now_)));
}

}  // namespace
}  // namespace coven
