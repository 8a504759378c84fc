#include "line_events/line_events.hpp"

#include <gtest/gtest.h>

#include "twitch/v1/chat_user.pb.h"

namespace {

using chat::LineEvent;
using chat::LineEvents;
using twitch::v1::ChatClear;
using twitch::v1::ChatDeleted;
using twitch::v1::ChatMember;
using twitch::v1::ChatRaw;
using twitch::v1::ChatRoom;
using twitch::v1::ChatServerNotice;
using twitch::v1::ChatUserState;
using twitch::v1::ChatWhisper;

constexpr coven::Time received{std::chrono::microseconds(1790000000456000)};

std::optional<LineEvent> read(const std::string& line, const LineEvents::Options& options = {}) {
    LineEvents events(options);
    return events.read(chat::IrcLine::parse(line).value(), received, "coven_bot");
}

template <class T>
T payload(const std::optional<LineEvent>& told) {
    T message;
    EXPECT_TRUE(told && told->event.proto_data().UnpackTo(&message));
    return message;
}

template <class T>
T payload_of(const std::string& line, const LineEvents::Options& options = {}) {
    return payload<T>(read(line, options));
}

TEST(LineEvents, PassesOverWhatConcernsTheConnectionAlone) {
    for (const char* line :
         {":tmi.twitch.tv 001 coven_bot :Welcome, GLHF!", ":tmi.twitch.tv 376 coven_bot :>",
          ":coven_bot.tmi.twitch.tv 353 coven_bot = #xqc :coven_bot",
          ":coven_bot.tmi.twitch.tv 366 coven_bot #xqc :End of /NAMES list", "PING :tmi.twitch.tv",
          ":tmi.twitch.tv PONG tmi.twitch.tv :coven", ":tmi.twitch.tv CAP * ACK :twitch.tv/tags",
          ":tmi.twitch.tv RECONNECT", ":ann!ann@ann.tmi.twitch.tv JOIN #xqc",
          ":ann!ann@ann.tmi.twitch.tv PART #xqc",
          ":ann!ann@ann.tmi.twitch.tv WHISPER coven_bot :psst",
          ":ann!ann@ann.tmi.twitch.tv PRIVMSG #xqc :hello"}) {
        EXPECT_FALSE(read(line)) << line;
    }
}

TEST(LineEvents, SaysOfEachEventWhatItsLineSays) {
    const std::string line =
        "@ban-duration=1;room-id=11148817;target-user-id=148973258;tmi-sent-ts=1594553828245 "
        ":tmi.twitch.tv CLEARCHAT #Pajlada :fabzeef";
    const auto told = read(line);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->channel, "pajlada");
    EXPECT_EQ(told->last_word, "clear");
    EXPECT_EQ(told->event.type(), "tv.twitch.chat.clear");
    EXPECT_EQ(told->event.channel_id(), "11148817");
    EXPECT_EQ(told->event.channel_login(), "pajlada");
    EXPECT_EQ(told->event.occurred_us(), 1594553828245000u);
    EXPECT_EQ(told->event.received_us(), 1790000000456000u);
    EXPECT_EQ(told->event.raw(), line);
    EXPECT_EQ(told->event.flags(), 0u);
    EXPECT_TRUE(read(line, {.raw = chat::RawLines::leave_out})->event.raw().empty());
}

TEST(Clear, TellsRoomsTimeoutsAndBansApart) {
    const auto room =
        payload_of<ChatClear>("@room-id=1;tmi-sent-ts=2 :tmi.twitch.tv CLEARCHAT #xqc");
    EXPECT_EQ(room.kind(), ChatClear::KIND_ROOM);
    EXPECT_EQ(room.sent_us(), 2000u);
    const auto timeout = payload_of<ChatClear>(
        "@target-user-id=141981764;ban-duration=600;room-id=111448817;tmi-sent-ts=1736968967813 "
        ":tmi.twitch.tv CLEARCHAT #pajlada twitchdev");
    EXPECT_EQ(timeout.kind(), ChatClear::KIND_TIMEOUT);
    EXPECT_EQ(timeout.duration_s(), 600u);
    EXPECT_EQ(timeout.target_user_id(), "141981764");
    EXPECT_EQ(timeout.target_user_login(), "twitchdev");
    const auto ban = payload_of<ChatClear>(
        "@room-id=20624989;target-user-id=20624989 :tmi.twitch.tv CLEARCHAT #schmoopiie "
        ":schmoopiie");
    EXPECT_EQ(ban.kind(), ChatClear::KIND_BAN);
    EXPECT_EQ(ban.target_user_login(), "schmoopiie");
    EXPECT_EQ(payload_of<ChatClear>("@target-user-id=5 CLEARCHAT #xqc").kind(),
              ChatClear::KIND_BAN);
}

TEST(Clear, KeepsWhatIsNoNumber) {
    const auto clear = payload_of<ChatClear>(
        "@ban-duration=soon;target-user-id=5;strange=a\\sb CLEARCHAT #xqc :ann");
    EXPECT_EQ(clear.kind(), ChatClear::KIND_TIMEOUT);
    EXPECT_EQ(clear.duration_s(), 0u);
    EXPECT_EQ(clear.other_tags().at("ban-duration"), "soon");
    EXPECT_EQ(clear.other_tags().at("strange"), "a b");
}

TEST(Clear, HasTheSameIdInEachCopyAndAnotherOneForAnotherTimeout) {
    const auto id = [](const std::string& tags) {
        return read("@" + tags + " CLEARCHAT #xqc :ann")->event.id();
    };
    const auto first = id("room-id=1;target-user-id=5;ban-duration=10;tmi-sent-ts=7");
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(id("tmi-sent-ts=7;ban-duration=10;target-user-id=5;room-id=1"), first);
    EXPECT_NE(id("room-id=1;target-user-id=5;ban-duration=11;tmi-sent-ts=7"), first);
    EXPECT_NE(id("room-id=1;target-user-id=5;ban-duration=10;tmi-sent-ts=8"), first);
    EXPECT_NE(id("room-id=1;target-user-id=6;ban-duration=10;tmi-sent-ts=7"), first);
    // Without a time two of them cannot be told from one.
    EXPECT_EQ(id("room-id=1;target-user-id=5"), "");
}

constexpr const char* deletion =
    "@login=Ann;room-id=;target-msg-id=94e6c7ff-bf98-4faa-af5d-7ad633a158a9;"
    "tmi-sent-ts=1642720582342 :tmi.twitch.tv CLEARMSG #xqc ";

TEST(Deleted, SaysWhichMessageOfWhom) {
    const auto told = read(std::string(deletion) + ":what a great day");
    const auto deleted = payload<ChatDeleted>(told);
    EXPECT_EQ(told->last_word, "deleted");
    EXPECT_EQ(told->event.id(), "deleted-94e6c7ff-bf98-4faa-af5d-7ad633a158a9");
    EXPECT_EQ(deleted.target_message_id(), "94e6c7ff-bf98-4faa-af5d-7ad633a158a9");
    EXPECT_EQ(deleted.user_login(), "ann");
    EXPECT_EQ(deleted.channel_login(), "xqc");
    EXPECT_EQ(deleted.text(), "what a great day");
    EXPECT_EQ(deleted.sent_us(), 1642720582342000u);
    EXPECT_EQ(payload_of<ChatDeleted>(std::string(deletion) + "sup").text(), "sup");
    const auto action = payload_of<ChatDeleted>(std::string(deletion) +
                                                ":\x01"
                                                "ACTION waves");
    EXPECT_EQ(action.text(), "waves");
    EXPECT_TRUE(action.action());
}

TEST(Deleted, LeavesTheTextOutWhenItIsToldTo) {
    const LineEvents::Options options{.deleted_text = chat::DeletedText::leave_out};
    for (const auto& line :
         {std::string(deletion) + ":secret", std::string("CLEARMSG #xqc :secret")}) {
        const auto told = read(line, options);
        ASSERT_TRUE(told) << line;
        EXPECT_EQ(told->event.SerializeAsString().find("secret"), std::string::npos) << line;
    }
}

TEST(ServerNotice, KnowsWhatItIsAbout) {
    const auto kind = [](const std::string& msg_id) {
        return payload_of<ChatServerNotice>("@msg-id=" + msg_id + " NOTICE #xqc :text").kind();
    };
    EXPECT_EQ(kind("emote_only_on"), ChatServerNotice::KIND_ROOM_MODE);
    EXPECT_EQ(kind("msg_rejected"), ChatServerNotice::KIND_SEND_RETRY);
    EXPECT_EQ(kind("msg_timedout"), ChatServerNotice::KIND_SEND_STATE);
    EXPECT_EQ(kind("msg_channel_suspended"), ChatServerNotice::KIND_TERMINAL);
    EXPECT_EQ(kind("timeout_success"), ChatServerNotice::KIND_OTHER);
    EXPECT_EQ(kind(""), ChatServerNotice::KIND_OTHER);
}

TEST(ServerNotice, TravelsWithoutAChannelWhereItNamesNone) {
    const auto told = read(":tmi.twitch.tv NOTICE * :Login authentication failed");
    ASSERT_TRUE(told);
    EXPECT_EQ(told->channel, "-");
    EXPECT_EQ(told->last_word, "server_notice");
    EXPECT_EQ(told->event.channel_login(), "");
    EXPECT_EQ(payload<ChatServerNotice>(told).text(), "Login authentication failed");
    const auto in_room =
        read("@msg-id=slow_on;target-user-id=7;x=y :tmi.twitch.tv NOTICE #xqc :Slow mode is on.");
    EXPECT_EQ(in_room->channel, "xqc");
    EXPECT_EQ(payload<ChatServerNotice>(in_room).target_user_id(), "7");
    EXPECT_EQ(payload<ChatServerNotice>(in_room).other_tags().at("x"), "y");
}

TEST(UserState, SaysWhatOurAccountIs) {
    const auto told = read(
        "@badge-info=;badges=moderator/1;client-nonce=n1;color=#1E90FF;display-name=Coven_Bot;"
        "emote-sets=0,87321,,269983;id=m1;mod=1;subscriber=0;user-type=mod;new=1 "
        ":tmi.twitch.tv USERSTATE #xqc");
    ASSERT_TRUE(told);
    EXPECT_EQ(told->last_word, "user_state");
    EXPECT_EQ(told->event.id(), "m1");
    const auto state = payload<ChatUserState>(told);
    EXPECT_EQ(state.channel_login(), "xqc");
    EXPECT_EQ(state.user_login(), "coven_bot");
    EXPECT_EQ(state.display_name(), "Coven_Bot");
    EXPECT_EQ(state.badges(0).set(), "moderator");
    EXPECT_TRUE(state.moderator());
    EXPECT_FALSE(state.subscriber());
    EXPECT_EQ(state.emote_sets_size(), 3);
    EXPECT_EQ(state.emote_sets(2), "269983");
    EXPECT_EQ(state.client_nonce(), "n1");
    EXPECT_EQ(state.other_tags().at("new"), "1");
}

TEST(UserState, IsToldOfEverywhereToo) {
    const auto told = read(
        "@badge-info=subscriber/8;badges=subscriber/6;color=#0D4200;display-name=dallas;"
        "emote-sets=0,33;turbo=0;user-id=12345678;user-type=admin "
        ":tmi.twitch.tv GLOBALUSERSTATE");
    ASSERT_TRUE(told);
    EXPECT_EQ(told->channel, "-");
    EXPECT_EQ(told->last_word, "global_user_state");
    EXPECT_EQ(payload<ChatUserState>(told).user_id(), "12345678");
    EXPECT_EQ(payload<ChatUserState>(told).badge_info(0).version(), "8");
}

TEST(Member, IsToldWhenSomebodyWantsToKnow) {
    const LineEvents::Options options{.membership = true};
    const auto join = read(":Ann!ann@ann.tmi.twitch.tv JOIN #xqc", options);
    ASSERT_TRUE(join);
    EXPECT_EQ(join->last_word, "join");
    EXPECT_EQ(join->channel, "xqc");
    EXPECT_EQ(payload<ChatMember>(join).user_login(), "ann");
    EXPECT_EQ(read(":ann!ann@ann.tmi.twitch.tv PART :#xqc", options)->last_word, "part");
    EXPECT_FALSE(read(":coven_bot!coven_bot@coven_bot.tmi.twitch.tv JOIN #xqc", options));
    EXPECT_EQ(read(":tmi.twitch.tv JOIN #xqc", options)->last_word, "raw");
}

TEST(Whisper, IsToldWhenSomebodyWantsToKnow) {
    const LineEvents::Options options{.whispers = true};
    const auto told = read(
        "@badges=staff/1;color=#8A2BE2;display-name=PetsgomOO;emotes=25:6-10;message-id=306;"
        "thread-id=12345678_87654321;turbo=0;user-id=87654321;user-type=staff "
        ":petsgomoo!petsgomoo@petsgomoo.tmi.twitch.tv WHISPER coven_bot :hello Kappa",
        options);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->channel, "-");
    EXPECT_EQ(told->event.id(), "whisper-12345678_87654321-306");
    const auto whisper = payload<ChatWhisper>(told);
    EXPECT_EQ(whisper.user_login(), "petsgomoo");
    EXPECT_EQ(whisper.recipient_login(), "coven_bot");
    EXPECT_EQ(whisper.text(), "hello Kappa");
    EXPECT_EQ(whisper.emotes(0).spans(0).first_byte(), 6u);
    EXPECT_EQ(read("WHISPER x :y", options)->event.id(), "");
}

TEST(Raw, CarriesWhatHasNoTypeOrIsIncomplete) {
    const auto host = read(":tmi.twitch.tv HOSTTARGET #xqc :forsen 12");
    ASSERT_TRUE(host);
    EXPECT_EQ(host->channel, "xqc");
    EXPECT_EQ(host->last_word, "raw");
    EXPECT_EQ(host->event.type(), "tv.twitch.chat.raw");
    EXPECT_EQ(payload<ChatRaw>(host).command(), "HOSTTARGET");
    EXPECT_EQ(payload<ChatRaw>(host).line(), ":tmi.twitch.tv HOSTTARGET #xqc :forsen 12");
    for (const char* line :
         {":tmi.twitch.tv 421 coven_bot WHO :Unknown command", "CLEARCHAT", "USERNOTICE xqc",
          "ROOMSTATE #", "CLEARMSG #xqc :x", "USERSTATE", "CLEARCHAT #not.a.login", "SOMETHING"}) {
        const auto told = read(line);
        ASSERT_TRUE(told) << line;
        EXPECT_EQ(told->last_word, "raw") << line;
        EXPECT_EQ(payload<ChatRaw>(told).line(), line);
    }
}

TEST(LineEvents, ReplaceBytesThatAreNoUtf8) {
    const auto raw = payload_of<ChatRaw>("STRANGE\xff #xqc :\xfe");
    EXPECT_EQ(raw.command(), "STRANGE\uFFFD");
    const auto notice = payload_of<ChatServerNotice>("@bad\xff=\xfe NOTICE * :\xc3");
    EXPECT_EQ(notice.text(), "\uFFFD");
    EXPECT_EQ(notice.other_tags().at("bad\uFFFD"), "\uFFFD");
    EXPECT_EQ(payload_of<ChatClear>("CLEARCHAT #xqc :\xff").target_user_login(), "\uFFFD");
}

}  // namespace
