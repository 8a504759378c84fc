// How events look: lines for people and lines of JSON.

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "coven/event.hpp"
#include "human_line.hpp"
#include "json_line.hpp"
#include "loss_text.hpp"

namespace coven::cli {
namespace {

const Paint plain(Colours::none);

Event event_of(const std::string& topic, const std::string& text_proto) {
    v1::Event message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text_proto, &message)) << topic;
    return Event::parse(topic + std::string(1, '\0') + message.SerializeAsString()).value();
}

constexpr const char* chat_event = R"(
    id: "44f85d39-b5fb-475d-8555-f4244f2f7e82" source: "/coven/chat/chat-1" spec_version: "1.0"
    type: "tv.twitch.chat.message" occurred_us: 1795340459981000 received_us: 1795340460000001
    channel_id: "11148817" channel_login: "pajlada"
    flags: 6 bus_epoch: 1795340000 offset: 42 topic_seq: 7
    proto_data { [type.googleapis.com/twitch.v1.ChatMessage] {
        user_login: "forsen" display_name: "Forsen" color: "#CC44FF" text: "hello \"you\"" bits: 100
        badges { set: "moderator" version: "1" } badges { set: "subscriber" version: "3072" }
        badge_info { set: "subscriber" version: "80" } } })";

Event chat(const std::string& fields) {
    return event_of("twitch.chat.pajlada.message",
                    R"(occurred_us: 1795340459981000 channel_login: "pajlada"
                       proto_data { [type.googleapis.com/twitch.v1.ChatMessage] { )" +
                        fields + "} }");
}

class Line : public ::testing::Test {
  protected:
    void SetUp() override {
        setenv("TZ", "UTC", 1);
        tzset();
    }
};

using HumanLine = Line;
using JsonLine = Line;

TEST_F(HumanLine, ShowsChatAsAChatWindowDoes) {
    EXPECT_EQ(human_line(event_of("twitch.chat.pajlada.message", chat_event), plain),
              "09:40:59 #pajlada [mod sub:80] Forsen: hello \"you\" (100 bits)");
}

TEST_F(HumanLine, ShowsActionsRepliesAndTheLoginBehindANameInAnotherScript) {
    EXPECT_EQ(human_line(chat(R"(user_login: "kim" display_name: "테스트" text: "hi")"), plain),
              "09:40:59 #pajlada 테스트 (kim): hi");
    EXPECT_EQ(human_line(chat(R"(user_login: "kim" text: "waves" action: true)"), plain),
              "09:40:59 #pajlada * kim waves");
    EXPECT_EQ(
        human_line(chat(R"(user_login: "kim" text: "yes" reply { parent_user_login: "bob" })"),
                   plain),
        "09:40:59 #pajlada kim: ↪ @bob yes");
}

std::string news(const std::string& type, const std::string& fields,
                 const std::string& last_word = "x") {
    const auto event = event_of("twitch.chat.xqc." + last_word,
                                R"(occurred_us: 1795340459981000 channel_login: "xqc"
                                   proto_data { [type.googleapis.com/twitch.v1.)" +
                                    type + "] {" + fields + "} }");
    const auto line = human_line(event, plain);
    const std::string start = "09:40:59 #xqc -- ";
    EXPECT_TRUE(line.starts_with(start)) << line;
    return line.substr(std::min(start.size(), line.size()));
}

TEST_F(HumanLine, TellsWhatHappensInAChat) {
    EXPECT_EQ(news("ChatNotice", R"(kind: "sub" system_message: "Ann subscribed!")"),
              "Ann subscribed!");
    EXPECT_EQ(news("ChatNotice", R"(kind: "resub" system_message: "Ann subscribed!"
                       message { user_login: "ann" text: "hi" })"),
              "Ann subscribed! ann: hi");
    EXPECT_EQ(news("ChatNotice", R"(kind: "announcement" message { user_login: "ann" text: "x" })"),
              "announcement ann: x");
    EXPECT_EQ(news("ChatClear", "kind: KIND_ROOM"), "the room was cleared");
    EXPECT_EQ(news("ChatClear", R"(kind: KIND_TIMEOUT target_user_login: "ann" duration_s: 600)"),
              "ann was timed out for 10 min");
    EXPECT_EQ(news("ChatClear", R"(kind: KIND_BAN target_user_id: "7")"), "7 was banned");
    EXPECT_EQ(news("ChatDeleted", R"(user_login: "ann" text: "bad")"),
              "a message of ann was deleted: bad");
    EXPECT_EQ(news("ChatServerNotice", R"(text: "Slow mode.")"), "Twitch says: Slow mode.");
    EXPECT_EQ(news("ChatUserState", R"(user_login: "bot" badges { set: "moderator" })"),
              "our account bot: moderator");
    EXPECT_EQ(news("ChatMember", R"(user_login: "ann")", "join"), "ann came");
    EXPECT_EQ(news("ChatMember", R"(user_login: "ann")", "part"), "ann left");
    EXPECT_EQ(news("ChatWhisper", R"(user_login: "ann" text: "psst")"), "whisper of ann: psst");
    EXPECT_EQ(news("ChatRaw", R"(line: "HOSTTARGET #xqc :-")"), "unknown line: HOSTTARGET #xqc :-");
}

TEST_F(HumanLine, TellsTheModesOfARoom) {
    EXPECT_EQ(news("ChatRoom", ""), "the room is now: open to all");
    EXPECT_EQ(news("ChatRoom", "followers_only: true"), "the room is now: followers only");
    EXPECT_EQ(news("ChatRoom",
                   "emote_only: true followers_only: true followers_minutes: 10 "
                   "subscribers_only: true slow_s: 5 unique_messages: true"),
              "the room is now: emotes only; followers of 10 min only; subscribers only; "
              "slow mode, 5 s; unique messages only");
    EXPECT_EQ(news("ChatRoom", "slow_s: 18446744073709551615").find('-'), std::string::npos);
}

TEST_F(HumanLine, LetsNothingOfWhatHappensLeaveItsPlace) {
    const std::string evil = R"(\033[2J\n09:00:00 #x mod: forged\342\200\256)";
    for (const auto& [type, fields] : std::vector<std::pair<std::string, std::string>>{
             {"ChatNotice", "kind: '@' system_message: '@' message { text: '@' user_login: '@' }"},
             {"ChatNotice", "kind: '@'"},
             {"ChatClear", "kind: KIND_BAN target_user_login: '@'"},
             {"ChatDeleted", "user_login: '@' text: '@'"},
             {"ChatServerNotice", "text: '@'"},
             {"ChatUserState", "user_login: '@' badges { set: '@' }"},
             {"ChatMember", "user_login: '@'"},
             {"ChatWhisper", "user_login: '@' text: '@'"},
             {"ChatRaw", "line: '@'"}}) {
        auto text = fields;
        for (auto at = text.find('@'); at != std::string::npos; at = text.find('@')) {
            text.replace(at, 1, evil);
        }
        const auto line = news(type, text);
        EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
        EXPECT_EQ(line.find('\n'), std::string::npos) << line;
        EXPECT_EQ(line.find("\u202e"), std::string::npos) << line;
    }
}

TEST_F(HumanLine, LetsNothingFromOutsideLeaveItsPlace) {
    const std::string evil = R"(\033[2J\n09:00:00 #x mod: forged\342\200\256)";
    const auto line = human_line(
        chat("user_login: \"" + evil + "\" display_name: \"" + evil + "\" text: \"" + evil +
             "\" badges { set: \"" + evil + "\" } reply { parent_user_login: \"" + evil + "\" }"),
        plain);
    EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    EXPECT_EQ(line.find("\u202e"), std::string::npos) << line;
}

TEST_F(HumanLine, PutsColourAroundTheNameOnly) {
    const auto line =
        human_line(chat(R"(user_login: "kim" color: "#FFC800" text: "hi")"), Paint(Colours::all));
    EXPECT_NE(line.find("\x1b[1;38;2;255;200;0mkim\x1b[0m: hi"), std::string::npos) << line;
}

TEST_F(HumanLine, ShowsOtherEventsAsTopicAndPayload) {
    EXPECT_EQ(
        human_line(event_of("twitch.eventsub.xqc.channel.follow",
                            R"(received_us: 1795340459981000 text_data: "{ \"a\" : [1, 2] }")"),
                   plain),
        R"(09:40:59 twitch.eventsub.xqc.channel.follow {"a":[1,2]})");
    EXPECT_EQ(human_line(event_of("bus.x.y.z", ""), plain), "--:--:-- bus.x.y.z null");
}

TEST_F(HumanLine, TellsOfASourceGap) {
    const auto gap = event_of("twitch.chat.xqc.gap", R"(
        occurred_us: 1795340490000000
        proto_data { [type.googleapis.com/coven.v1.SourceGap] {
            from_us: 1795340459000000 to_us: 1795340490000000 reason: "no PONG within 10 s" } })");
    EXPECT_EQ(human_line(gap, plain),
              "09:41:30 twitch.chat.xqc.gap Twitch was out of reach 09:40:59–09:41:30 (31 s): "
              "no PONG within 10 s");
}

v1::Lost loss(std::uint64_t first, std::uint64_t last) {
    v1::Lost lost;
    lost.set_topic("twitch.chat.xqc.message");
    lost.set_reason(v1::Lost::REASON_SKIPPED);
    lost.set_bus_epoch(1795340000);
    lost.set_first_seq(first);
    lost.set_last_seq(last);
    return lost;
}

TEST_F(HumanLine, TellsOfALossWithItsRange) {
    const std::string cause = ": this reader was too slow, or its connection was cut";
    EXPECT_EQ(human_line(Event::of_loss(loss(5, 16)), plain),
              "lost 12 events of twitch.chat.xqc.message (topic_seq 5–16)" + cause);
    EXPECT_EQ(human_line(Event::of_loss(loss(5, 5)), plain),
              "lost 1 event of twitch.chat.xqc.message (topic_seq 5)" + cause);
    EXPECT_EQ(human_line(Event::of_loss(loss(0, 0)), plain),
              "events of twitch.chat.xqc.message may be lost" + cause);
    v1::Lost epoch;
    epoch.set_reason(v1::Lost::REASON_EPOCH_ENDED);
    epoch.set_bus_epoch(7);
    EXPECT_EQ(
        human_line(Event::of_loss(epoch), plain),
        "events of all that is shown here may be lost: the broker began anew, epoch 7 is over");
}

v1::Truncated truncation() {
    v1::Truncated truncated;
    truncated.set_from(5);
    truncated.set_to(16);
    truncated.set_reason(v1::Truncated::REASON_RETENTION);
    truncated.set_family("chat");
    return truncated;
}

TEST_F(HumanLine, TellsWhatIsNotKeptAnyMore) {
    EXPECT_EQ(human_line(Event::of_truncation(truncation()), plain),
              "events of chat are not kept any more (offset 5–16): they were older, or more, than "
              "what is kept");
}

TEST_F(JsonLine, TellsWhatIsNotKeptAnyMore) {
    EXPECT_EQ(json_line(Event::of_truncation(truncation())),
              R"({"truncated":{"reason":"retention","family":"chat","from_offset":"5",)"
              R"("to_offset":"16"}})");
}

TEST_F(JsonLine, HasItsKeysInOneOrder) {
    const auto line = json_line(event_of("twitch.chat.pajlada.message", chat_event));
    EXPECT_EQ(
        line.substr(0, line.find(R"("payload")")),
        R"({"topic":"twitch.chat.pajlada.message","id":"44f85d39-b5fb-475d-8555-f4244f2f7e82",)"
        R"("type":"tv.twitch.chat.message","source":"/coven/chat/chat-1",)"
        R"("time":"2026-11-22T09:40:59.981000Z","received":"2026-11-22T09:41:00.000001Z",)"
        R"("epoch":"1795340000","offset":"42","topic_seq":"7","flags":["maybe_duplicate",)"
        R"("synthetic"],"channel":"pajlada","channel_id":"11148817",)");
}

TEST_F(JsonLine, HasEachFieldOfThePayloadInItsPlaceAlsoAnEmptyOne) {
    const auto line = json_line(event_of("twitch.chat.pajlada.message", chat_event));
    std::size_t last = line.find(R"("payload":{)");
    for (const char* part :
         {R"("user_login":"forsen","display_name":"Forsen","color":"#CC44FF",)",
          R"("badges":[{"set":"moderator","version":"1"},{"set":"subscriber",)",
          R"("badge_info":[{"set":"subscriber","version":"80"}])", R"("moderator":false)",
          R"("text":"hello \"you\"")", R"("emotes":[])", R"("bits":"100")", R"("msg_id":"")"}) {
        const auto found = line.find(part, last);
        ASSERT_NE(found, std::string::npos) << part << " in " << line;
        last = found;
    }
}

TEST_F(JsonLine, SaysNullWhereThereIsNothing) {
    EXPECT_EQ(json_line(event_of("a.b.c.d", "")),
              R"({"topic":"a.b.c.d","id":"","type":"","source":"","time":null,"received":null,)"
              R"("epoch":"0","offset":"0","topic_seq":"0","flags":[],"channel":null,)"
              R"("channel_id":null,"payload":null})");
}

TEST_F(JsonLine, IsALossWithItsRange) {
    EXPECT_EQ(json_line(Event::of_loss(loss(5, 16))),
              R"({"lost":{"reason":"skipped","events":"12","epoch":"1795340000","first_seq":"5",)"
              R"("last_seq":"16","after_offset":"0","through_offset":"0"},)"
              R"("topic":"twitch.chat.xqc.message"})");
    EXPECT_NE(json_line(Event::of_loss(loss(0, 0))).find(R"("events":null)"), std::string::npos);
}

TEST_F(JsonLine, KeepsPayloadsItDoesNotKnow) {
    EXPECT_EQ(payload_json(event_of("a.b", R"(text_data: "no\njson")")), R"("no\njson")");
    EXPECT_EQ(payload_json(event_of("a.b", R"(text_data: "{\"a\":1}, \"forged\": 2")")),
              R"("{\"a\":1}, \"forged\": 2")");
    EXPECT_EQ(payload_json(event_of("a.b", R"(binary_data: "\000\377")")), R"("AP8=")");
    EXPECT_EQ(payload_json(event_of("a.b", R"(proto_data { type_url: "x.y/Z" value: "\001" })")),
              R"({"@type":"x.y/Z","value":"AQ=="})");
}

TEST_F(JsonLine, IsOneLineWhateverItHolds) {
    const auto line = json_line(chat(R"(text: "a\nb\033[0m\342\200\250\302\205\342\200\256")"));
    for (const char* part : {"\n", "\x1b", "\u2028", "\u0085", "\u202e"}) {
        EXPECT_EQ(line.find(part), std::string::npos) << line;
    }
}

}  // namespace
}  // namespace coven::cli
