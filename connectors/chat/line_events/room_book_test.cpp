#include "line_events/room_book.hpp"

#include <gtest/gtest.h>

#include "line_events/line_events.hpp"

namespace {

using twitch::v1::ChatRoom;

std::vector<std::string> changed(const ChatRoom& room) {
    return {room.changed().begin(), room.changed().end()};
}

/// The rooms that a test speaks of.
class Rooms : public testing::Test {
  protected:
    std::optional<ChatRoom> hear(const std::string& tags) {
        const auto line = "@" + tags + " :tmi.twitch.tv ROOMSTATE #randers";
        return rooms_.hear("randers", chat::IrcLine::parse(line).value());
    }

    chat::RoomBook rooms_;
};

constexpr const char* whole =
    "emote-only=1;followers-only=10;r9k=1;rituals=0;room-id=40286300;slow=5;subs-only=1";

TEST_F(Rooms, TellAllOfTheirStateAtFirst) {
    const auto room = hear(whole).value();
    EXPECT_EQ(room.channel_id(), "40286300");
    EXPECT_EQ(room.channel_login(), "randers");
    EXPECT_TRUE(room.emote_only());
    EXPECT_TRUE(room.followers_only());
    EXPECT_EQ(room.followers_minutes(), 10u);
    EXPECT_TRUE(room.unique_messages());
    EXPECT_EQ(room.slow_s(), 5u);
    EXPECT_TRUE(room.subscribers_only());
    EXPECT_EQ(room.other_tags().at("rituals"), "0");
    EXPECT_EQ(changed(room), (std::vector<std::string>{
                                 "channel_id", "emote_only", "followers_only", "followers_minutes",
                                 "unique_messages", "slow_s", "subscribers_only", "other_tags"}));
}

TEST_F(Rooms, MergeWhatChanges) {
    hear(whole);
    const auto room = hear("room-id=40286300;slow=0").value();
    EXPECT_EQ(changed(room), std::vector<std::string>{"slow_s"});
    EXPECT_EQ(room.slow_s(), 0u);
    EXPECT_TRUE(room.emote_only());
    EXPECT_EQ(room.followers_minutes(), 10u);
    EXPECT_EQ(changed(hear("emote-only=0;room-id=40286300").value()),
              std::vector<std::string>{"emote_only"});
    const auto open = hear("followers-only=-1").value();
    EXPECT_FALSE(open.followers_only());
    EXPECT_EQ(open.followers_minutes(), 0u);
    const auto all_followers = hear("followers-only=0").value();
    EXPECT_EQ(changed(all_followers), std::vector<std::string>{"followers_only"});
    EXPECT_TRUE(all_followers.followers_only());
    EXPECT_EQ(changed(hear("rituals=1").value()), std::vector<std::string>{"other_tags"});
}

TEST_F(Rooms, AreNoNewsWhenAnotherConnectionTellsTheSame) {
    hear(whole);
    EXPECT_FALSE(hear(whole));
    EXPECT_FALSE(hear("slow=5"));
    EXPECT_TRUE(hear("slow=6"));
}

TEST_F(Rooms, AreNewsAtFirstEvenIfNothingIsSwitchedOn) {
    const auto room = hear("followers-only=-1;slow=0").value();
    EXPECT_EQ(changed(room),
              (std::vector<std::string>{"followers_only", "followers_minutes", "slow_s"}));
    EXPECT_FALSE(hear("followers-only=-1;slow=0"));
}

TEST_F(Rooms, KeepWhatIsNoNumber) {
    hear(whole);
    const auto room = hear("slow=fast;subs-only=maybe").value();
    EXPECT_EQ(room.slow_s(), 5u);
    EXPECT_TRUE(room.subscribers_only());
    EXPECT_EQ(room.other_tags().at("slow"), "fast");
    EXPECT_EQ(room.other_tags().at("subs-only"), "maybe");
}

TEST_F(Rooms, TakeOnlySoManyStrangeTags) {
    for (int i = 0; i < 100; ++i) hear("tag" + std::to_string(i) + "=1");
    EXPECT_EQ(hear("slow=7")->other_tags_size(), 32);
}

TEST_F(Rooms, StartOverWhenTheyAreForgotten) {
    EXPECT_FALSE(rooms_.forget("randers"));
    hear(whole);
    EXPECT_TRUE(rooms_.forget("randers")->emote_only());
    EXPECT_TRUE(hear(whole));
}

TEST(RoomEvents, AreStatesUntilTheRoomIsLeft) {
    chat::LineEvents events({});
    const auto line = chat::IrcLine::parse("@slow=5;room-id=7 ROOMSTATE #xqc").value();
    const auto told = events.read(line, {}, "").value();
    EXPECT_EQ(told.last_word, "room");
    EXPECT_EQ(told.event.flags(), coven::v1::EVENT_FLAG_STATE);
    EXPECT_EQ(told.event.id(), "");
    EXPECT_FALSE(events.read(line, {}, ""));
    const auto over = events.forget("xqc", {}).value();
    EXPECT_EQ(over.channel, "xqc");
    EXPECT_EQ(over.last_word, "room");
    EXPECT_EQ(over.event.flags(), coven::v1::EVENT_FLAG_STATE | coven::v1::EVENT_FLAG_STATE_OVER);
    EXPECT_EQ(over.event.channel_id(), "7");
    EXPECT_FALSE(events.forget("xqc", {}));
}

}  // namespace
