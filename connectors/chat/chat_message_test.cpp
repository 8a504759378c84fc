#include "chat_message.hpp"

#include <random>

#include <gtest/gtest.h>

namespace {

using chat::IrcLine;
using twitch::v1::ChatMessage;

ChatMessage decoded(std::string_view encoded) {
    ChatMessage message;
    EXPECT_TRUE(message.ParseFromArray(encoded.data(), static_cast<int>(encoded.size())));
    return message;
}

ChatMessage read(std::string_view line) {
    chat::ChatMessageWriter writer;
    return decoded(writer.write(IrcLine::parse(line).value()).value()->encoded);
}

/// A message that says "hello" with these tags.
ChatMessage with_tags(const std::string& tags) {
    return read("@" + tags + " :ann!ann@ann.tmi.twitch.tv PRIVMSG #bob :hello");
}

ChatMessage with_text(const std::string& text) {
    return read(":ann!ann@ann.tmi.twitch.tv PRIVMSG #bob " + text);
}

std::string failure(std::string_view line) {
    chat::ChatMessageWriter writer;
    return writer.write(IrcLine::parse(line).value()).error().message;
}

TEST(ChatMessageWriter, RefusesWhatIsNoMessage) {
    EXPECT_EQ(failure("NOTICE #bob :text"), "line is no PRIVMSG");
    EXPECT_EQ(failure("PRIVMSG"), "PRIVMSG names no channel");
    EXPECT_EQ(failure("PRIVMSG bob :text"), "PRIVMSG names no channel");
    EXPECT_EQ(failure("PRIVMSG # :text"), "PRIVMSG names no channel");
    EXPECT_EQ(failure("PRIVMSG #bob"), "PRIVMSG has no text");
}

TEST(ChatMessageWriter, ReadsNamesAndText) {
    const auto message = read(
        "@display-name=Ann;id=m1;room-id=12;user-id=34 :ann!ann@ann.tmi.twitch.tv PRIVMSG #Bob "
        ":hi there");
    EXPECT_EQ(message.id(), "m1");
    EXPECT_EQ(message.channel_id(), "12");
    EXPECT_EQ(message.channel_login(), "bob");
    EXPECT_EQ(message.user_id(), "34");
    EXPECT_EQ(message.user_login(), "ann");
    EXPECT_EQ(message.display_name(), "Ann");
    EXPECT_EQ(message.text(), "hi there");
    EXPECT_FALSE(message.action());
    EXPECT_FALSE(message.has_reply());
    EXPECT_FALSE(message.has_shared_chat());
}

TEST(ChatMessageWriter, ReplacesAllOfTheMessageBefore) {
    chat::ChatMessageWriter writer;
    const auto first =
        IrcLine::parse(
            "@badges=a/"
            "1;bits=5;emotes=1:0-1;gifs=0-1|a|b;reply-parent-msg-id=x;source-id=y;strange=1 "
            ":ann!ann@x PRIVMSG #bob :\x01"
            "ACTION waves\x01")
            .value();
    const auto second = IrcLine::parse(":eve!eve@x PRIVMSG #bob :plain").value();
    writer.write(first).value();
    const auto message = decoded(writer.write(second).value()->encoded);
    EXPECT_EQ(message.DebugString(), read(":eve!eve@x PRIVMSG #bob :plain").DebugString());
}

TEST(ChatMessageWriter, TakesTheSenderFromAnOddPrefix) {
    EXPECT_EQ(read(":!Ann@ann.tmi.twitch.tv PRIVMSG #bob :x").user_login(), "ann");
    EXPECT_EQ(read(":tmi.twitch.tv PRIVMSG #bob :x").user_login(), "");
    EXPECT_EQ(read("PRIVMSG #bob :x").user_login(), "");
}

TEST(ChatMessageWriter, TrimsTheDisplayNameAndFallsBackToTheLogin) {
    EXPECT_EQ(with_tags("display-name=xgspidermonkey\\s").display_name(), "xgspidermonkey");
    EXPECT_EQ(with_tags("display-name=\\s\\sA\\sB\\s").display_name(), "A B");
    EXPECT_EQ(with_tags("display-name=").display_name(), "ann");
    EXPECT_EQ(with_tags("display-name=\\s").display_name(), "ann");
    EXPECT_EQ(with_tags("a=b").display_name(), "ann");
}

TEST(ChatMessageWriter, TakesTextWithoutItsColon) {
    EXPECT_EQ(with_text("sup").text(), "sup");
    EXPECT_EQ(with_text("two words").text(), "two words");
    EXPECT_EQ(with_text(":").text(), "");
}

TEST(ChatMessageWriter, TakesTheWrappingOfAnActionOff) {
    struct Row {
        const char* wire;
        const char* text;
    };
    for (const auto& [wire, text] : std::vector<Row>{{":\x01"
                                                      "ACTION waves\x01",
                                                      "waves"},
                                                     {":\x01"
                                                      "ACTION waves",
                                                      "waves"},
                                                     {":\x01"
                                                      "ACTION \x01",
                                                      ""},
                                                     {":\x01"
                                                      "ACTION\x01",
                                                      ""},
                                                     {":\x01"
                                                      "ACTION",
                                                      ""},
                                                     {":\x01"
                                                      "ACTION   two",
                                                      "  two"}}) {
        EXPECT_EQ(with_text(wire).text(), text);
        EXPECT_TRUE(with_text(wire).action()) << wire;
    }
    for (const char* wire : {":ACTION waves",
                             ":\x01"
                             "ACTIONS waves\x01",
                             ":\x01VERSION\x01", ":\x01"}) {
        EXPECT_FALSE(with_text(wire).action()) << wire;
        EXPECT_EQ(with_text(wire).text(), wire + 1);
    }
}

TEST(ChatMessageWriter, CountsEmotesOfAnActionFromTheStrippedText) {
    const auto message = read(
        "@emotes=25:0-4 PRIVMSG #bob :\x01"
        "ACTION Kappa\x01");
    ASSERT_EQ(message.emotes_size(), 1);
    EXPECT_EQ(message.emotes(0).spans(0).end_byte(), 5u);
}

TEST(ChatMessageWriter, CountsOnlyOneAsYes) {
    EXPECT_TRUE(with_tags("vip=1").vip());
    for (const char* tags : {"vip=0", "vip", "vip=", "vip=true", "vip=11"}) {
        EXPECT_FALSE(with_tags(tags).vip()) << tags;
    }
    const auto all = with_tags(
        "mod=1;subscriber=1;turbo=1;first-msg=1;returning-chatter=1;emote-only=1;source-only=1");
    EXPECT_TRUE(all.moderator() && all.subscriber() && all.turbo() && all.first_message() &&
                all.returning_chatter() && all.emote_only() && all.shared_chat().source_only());
}

TEST(ChatMessageWriter, ReadsBadges) {
    const auto message = with_tags(
        "badges=predictions/blue-1,partner,,/7,a/b/c;badge-info=predictions/Yes\\sor\\sno");
    ASSERT_EQ(message.badges_size(), 3);
    EXPECT_EQ(message.badges(0).set(), "predictions");
    EXPECT_EQ(message.badges(0).version(), "blue-1");
    EXPECT_EQ(message.badges(1).set(), "partner");
    EXPECT_EQ(message.badges(1).version(), "");
    EXPECT_EQ(message.badges(2).version(), "b/c");
    ASSERT_EQ(message.badge_info_size(), 1);
    EXPECT_EQ(message.badge_info(0).version(), "Yes or no");
    EXPECT_EQ(with_tags("badges=a/1,b/1;badges=c/1").badges_size(), 1);
}

TEST(ChatMessageWriter, ReadsNumbersAndPassesOverNonsense) {
    EXPECT_EQ(with_tags("bits=100").bits(), 100u);
    EXPECT_EQ(with_tags("tmi-sent-ts=1662204423418").sent_us(), 1662204423418000u);
    for (const char* bad : {"", "x", "-1", "1x", "99999999999999999999999", "+1"}) {
        EXPECT_EQ(with_tags(std::string("bits=") + bad).bits(), 0u) << bad;
        EXPECT_EQ(with_tags(std::string("tmi-sent-ts=") + bad).sent_us(), 0u) << bad;
    }
    EXPECT_EQ(with_tags("tmi-sent-ts=18446744073709551615").sent_us(), 0u);
}

TEST(ChatMessageWriter, ReadsTheTextsOfTags) {
    const auto message = with_tags(
        "color=#CC44FF;user-type=mod;custom-reward-id=r;msg-id=highlighted-message;client-nonce=n;"
        "flags=0-4:P.3;animation-id=a");
    EXPECT_EQ(message.color(), "#CC44FF");
    EXPECT_EQ(message.user_type(), "mod");
    EXPECT_EQ(message.custom_reward_id(), "r");
    EXPECT_EQ(message.msg_id(), "highlighted-message");
    EXPECT_EQ(message.client_nonce(), "n");
    EXPECT_EQ(message.automod_flags(), "0-4:P.3");
    EXPECT_EQ(message.animation_id(), "a");
}

TEST(ChatMessageWriter, ReadsAReply) {
    const auto reply =
        with_tags(
            "reply-parent-msg-id=1;reply-parent-user-id=2;reply-parent-user-login=three;"
            "reply-parent-display-name=Three;reply-parent-msg-body=a\\sb\\:\\\\;"
            "reply-thread-parent-msg-id=4;reply-thread-parent-user-id=5;"
            "reply-thread-parent-user-login=six;reply-thread-parent-display-name=Six")
            .reply();
    EXPECT_EQ(reply.parent_message_id(), "1");
    EXPECT_EQ(reply.parent_user_id(), "2");
    EXPECT_EQ(reply.parent_user_login(), "three");
    EXPECT_EQ(reply.parent_display_name(), "Three");
    EXPECT_EQ(reply.parent_text(), "a b;\\");
    EXPECT_EQ(reply.thread_message_id(), "4");
    EXPECT_EQ(reply.thread_user_id(), "5");
    EXPECT_EQ(reply.thread_user_login(), "six");
    EXPECT_EQ(reply.thread_display_name(), "Six");
}

TEST(ChatMessageWriter, ReadsASharedChat) {
    const auto shared =
        with_tags("source-id=1;source-room-id=2;source-badges=a/1,b/2;source-badge-info=a/3")
            .shared_chat();
    EXPECT_EQ(shared.source_message_id(), "1");
    EXPECT_EQ(shared.source_channel_id(), "2");
    ASSERT_EQ(shared.source_badges_size(), 2);
    EXPECT_EQ(shared.source_badges(1).set(), "b");
    EXPECT_EQ(shared.source_badge_info(0).version(), "3");
    EXPECT_FALSE(shared.source_only());
}

TEST(ChatMessageWriter, TakesTheLastOfTwoTagsWithOneName) {
    const auto message =
        with_tags("color=red;mod=1;badges=a/1;strange=1;color=;mod=0;badges=b/2;strange=2");
    EXPECT_EQ(message.color(), "");
    EXPECT_FALSE(message.moderator());
    ASSERT_EQ(message.badges_size(), 1);
    EXPECT_EQ(message.badges(0).set(), "b");
    EXPECT_EQ(message.other_tags().at("strange"), "2");
}

TEST(ChatMessageWriter, SaysWhatAnEventSaysOfItsMessage) {
    chat::ChatMessageWriter writer;
    const auto line =
        IrcLine::parse("@id=m1;room-id=12;tmi-sent-ts=5 :ann!ann@x PRIVMSG #Bob :hi").value();
    const auto& facts = *writer.write(line).value();
    EXPECT_EQ(facts.id, "m1");
    EXPECT_EQ(facts.channel_id, "12");
    EXPECT_EQ(facts.channel_login, "bob");
    EXPECT_EQ(facts.sent_us, 5000u);
}

TEST(ChatMessageWriter, WritesWhatProtobufWouldWrite) {
    chat::ChatMessageWriter writer;
    const auto line = IrcLine::parse(
        "@badges=a/1,b;badge-info=a/2;bits=300;color=#fff;emotes=1:0-1,3-4;gifs=0-1|a|b;id=m;mod=1;"
        "reply-parent-msg-body=x\\sy;room-id=1;source-badges=c/1;source-id=y;source-only=1;"
        "strange=1;subscriber=1;tmi-sent-ts=5;user-id=7;vip=1 :ann!ann@x PRIVMSG #bob :\x01"
        "ACTION waves and waves\x01");
    const auto encoded = std::string(writer.write(line.value()).value()->encoded);
    EXPECT_EQ(decoded(encoded).SerializeAsString(), encoded);
}

TEST(ChatMessageWriter, KeepsUnknownTags) {
    const auto tags = with_tags("pinned-chat-paid-level=ONE;new=a\\sb;empty;i=1").other_tags();
    EXPECT_EQ(tags.size(), 4u);
    EXPECT_EQ(tags.at("pinned-chat-paid-level"), "ONE");
    EXPECT_EQ(tags.at("new"), "a b");
    EXPECT_EQ(tags.at("empty"), "");
    EXPECT_EQ(tags.at("i"), "1");
}

TEST(ChatMessageWriter, AcceptsBothNamesOfTheGifTag) {
    EXPECT_EQ(with_tags("gifs=0-4|a|b").gifs_size(), 1);
    EXPECT_EQ(with_tags("gif=0-4|a|b").gifs_size(), 1);
}

TEST(ChatMessageWriter, ReplacesBytesThatAreNoUtf8) {
    const auto message = read(
        "@\xff=\xfe;display-name=\xc3;emotes=1:2-2 PRIVMSG #bob :a\xff"
        "b");
    EXPECT_EQ(message.text(),
              "a\xef\xbf\xbd"
              "b");
    EXPECT_EQ(message.display_name(), "\xef\xbf\xbd");
    EXPECT_EQ(message.other_tags().at("\xef\xbf\xbd"), "\xef\xbf\xbd");
    EXPECT_EQ(message.emotes(0).spans(0).first_byte(), 4u);
}

TEST(ChatMessageWriter, TakesALineOfAnyLength) {
    const std::string huge(20000, 'x');
    const auto message = read("@strange=" + huge + ";id=1 PRIVMSG #bob :" + huge);
    EXPECT_EQ(message.text(), huge);
    EXPECT_EQ(message.other_tags().at("strange"), huge);
}

TEST(ChatMessageWriter, MakesValidMessagesOfNoise) {
    std::minstd_rand random(7);
    constexpr std::string_view alphabet = "@:;=\\ !#09-,/|\x01\xc3\xa9\xff";
    chat::ChatMessageWriter writer;
    for (int i = 0; i < 50000; ++i) {
        std::string tags(random() % 30, ' ');
        std::string text(random() % 20, ' ');
        for (auto& c : tags) c = alphabet[random() % alphabet.size()];
        for (auto& c : text) c = alphabet[random() % alphabet.size()];
        for (const char* name : {"emotes", "gifs", "badges", "id", ""}) {
            std::string wire = "@";
            wire.append(name).append("=").append(tags).append(" :a!a@a PRIVMSG #b :").append(text);
            const auto line = IrcLine::parse(wire);
            if (!line) continue;
            const auto written = writer.write(*line);
            if (!written) continue;
            // protobuf refuses what is malformed, and texts that are no UTF-8.
            ChatMessage message;
            ASSERT_TRUE(message.ParseFromString(std::string((*written)->encoded))) << wire;
        }
    }
}

}  // namespace
