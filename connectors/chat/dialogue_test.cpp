#include "dialogue.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using chat::Dialogue;
using chat::Heard;
using chat::JoinQueue;
using chat::Roster;
using Kind = Heard::Kind;

constexpr coven::Instant start{1h};

/// A dialogue about #ann and #bob, on a clock of its own.
class DialogueOfTwo : public testing::Test {
  protected:
    Heard hear(std::string_view line) {
        return dialogue_.hear(chat::IrcLine::parse(line).value(), now_);
    }
    /// What is sent after `pause`.
    std::string after(coven::Duration pause) {
        now_ += pause;
        dialogue_.advance(now_);
        return dialogue_.take_output();
    }
    /// Logged in, both joins sent.
    void log_in() {
        dialogue_.take_output();
        hear(":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!");
        EXPECT_EQ(after(0s), "JOIN #ann,#bob\r\n");
    }
    std::string failure() { return dialogue_.failure().value_or("none"); }

    coven::Instant now_ = start;
    static Roster two(JoinQueue& queue) {
        Roster roster({}, queue);
        for (const char* channel : {"ann", "bob"}) roster.want(channel, JoinQueue::Turn::last);
        return roster;
    }
    JoinQueue queue_{{}};
    Dialogue dialogue_{{.nick = "justinfan1", .token = {}}, two(queue_), start};
};

TEST_F(DialogueOfTwo, AsksForCapabilitiesBeforeTheLogin) {
    EXPECT_EQ(dialogue_.take_output(),
              "CAP REQ :twitch.tv/tags twitch.tv/commands\r\n"
              "PASS oauth:anonymous\r\n"
              "NICK justinfan1\r\n");
    EXPECT_EQ(dialogue_.take_output(), "");
}

TEST_F(DialogueOfTwo, AsksWhoJoinsWhereItIsWanted) {
    Dialogue::Settings settings;
    settings.nick = "x";
    settings.membership = true;
    Dialogue dialogue(settings, Roster({}, queue_), start);
    EXPECT_EQ(dialogue.take_output().substr(0, 66),
              "CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership\r\nP");
    EXPECT_EQ(dialogue.nick(), "x");
}

TEST_F(DialogueOfTwo, JoinsAfterTheWelcome) {
    dialogue_.take_output();
    EXPECT_EQ(after(1s), "");
    EXPECT_FALSE(dialogue_.welcomed());
    hear(":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands");
    hear(":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!");
    EXPECT_TRUE(dialogue_.welcomed());
    EXPECT_EQ(after(0s), "JOIN #ann,#bob\r\n");
}

TEST_F(DialogueOfTwo, GivesUpWithoutAWelcome) {
    EXPECT_EQ(dialogue_.deadline(now_), start + 15s);
    after(15s);
    EXPECT_EQ(failure(), "no welcome after the login");
}

TEST_F(DialogueOfTwo, GivesUpWhenTheCapabilitiesAreRefused) {
    hear(":tmi.twitch.tv CAP * NAK :twitch.tv/tags");
    EXPECT_EQ(failure(), "Twitch refuses the capabilities 'twitch.tv/tags'");
}

TEST_F(DialogueOfTwo, TellsWhyALoginWasRefusedInAnyCaseOfLetters) {
    for (const std::string text : {"Login authentication failed", "Improperly formatted AUTH",
                                   "login UNSUCCESSFUL", "Invalid NICK"}) {
        Dialogue dialogue({.nick = "x", .token = {}}, Roster({}, queue_), start);
        const auto welcome = chat::IrcLine::parse(":tmi.twitch.tv 001 x :Welcome").value();
        dialogue.hear(welcome, now_);
        const auto notice = ":tmi.twitch.tv NOTICE * :" + text;
        dialogue.hear(chat::IrcLine::parse(notice).value(), now_);
        EXPECT_EQ(dialogue.failure().value_or(""), "login refused: " + text);
        EXPECT_TRUE(dialogue.login_refused());
    }
}

TEST_F(DialogueOfTwo, TakesAnyNoticeBeforeTheWelcomeForARefusal) {
    hear(":tmi.twitch.tv NOTICE * :We are full");
    EXPECT_EQ(failure(), "login refused: We are full");
}

TEST_F(DialogueOfTwo, TakesNoHarmlessNoticeForARefusal) {
    log_in();
    hear(":tmi.twitch.tv NOTICE * :Something new");
    hear(":tmi.twitch.tv NOTICE #ann :Login unsuccessful, said somebody");
    EXPECT_EQ(failure(), "none");
}

TEST_F(DialogueOfTwo, HearsItsOwnJoins) {
    log_in();
    EXPECT_EQ(hear(":eve!eve@eve.tmi.twitch.tv JOIN #ann").kind, Kind::nothing);
    EXPECT_EQ(hear(":justinfan1!justinfan1@x JOIN #zed").kind, Kind::nothing);
    const auto heard = hear(":justinfan1!justinfan1@justinfan1.tmi.twitch.tv JOIN #ann");
    EXPECT_EQ(heard.kind, Kind::joined);
    EXPECT_EQ(heard.channel, "ann");
    EXPECT_EQ(hear(":justinfan1!justinfan1@x JOIN #ann").kind, Kind::nothing);
}

TEST_F(DialogueOfTwo, GoesByTheNameThatTheServerGaveIt) {
    hear(":tmi.twitch.tv 001 Somebody :Welcome, GLHF!");
    after(0s);
    EXPECT_EQ(hear(":somebody!somebody@x JOIN #bob").kind, Kind::joined);
}

TEST_F(DialogueOfTwo, LearnsTheIdOfARoom) {
    log_in();
    const auto heard = hear("@emote-only=0;room-id=77 :tmi.twitch.tv ROOMSTATE #bob");
    EXPECT_EQ(heard.kind, Kind::identified);
    EXPECT_EQ(heard.channel, "bob");
    EXPECT_EQ(heard.text, "77");
    EXPECT_EQ(hear("@room-id=77 :tmi.twitch.tv ROOMSTATE #zed").kind, Kind::nothing);
    EXPECT_EQ(hear("@slow=1 :tmi.twitch.tv ROOMSTATE #bob").kind, Kind::nothing);
}

TEST_F(DialogueOfTwo, TellsWhyAJoinWasRefused) {
    log_in();
    const auto heard = hear(
        "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #ann :This channel does not exist or "
        "has been suspended.");
    EXPECT_EQ(heard.kind, Kind::refused);
    EXPECT_EQ(heard.channel, "ann");
    EXPECT_EQ(heard.text, "suspended");
    hear("@msg-id=msg_banned :tmi.twitch.tv NOTICE #bob :You are permanently banned");
    EXPECT_EQ(dialogue_.roster().find("bob")->reason, "banned");
    EXPECT_EQ(hear("@msg-id=msg_banned :tmi.twitch.tv NOTICE #zed :x").kind, Kind::nothing);
    EXPECT_EQ(after(5min), "JOIN #ann,#bob\r\nPING :coven\r\n");
}

TEST_F(DialogueOfTwo, TakesNoNoticeAboutSendingForALeave) {
    log_in();
    hear(":justinfan1!justinfan1@x JOIN #ann");
    EXPECT_EQ(hear("@msg-id=msg_banned :tmi.twitch.tv NOTICE #ann :x").kind, Kind::nothing);
    EXPECT_EQ(hear("@msg-id=slow_on :tmi.twitch.tv NOTICE #ann :x").kind, Kind::nothing);
    EXPECT_EQ(dialogue_.roster().find("ann")->state, Roster::State::joined);
    const auto closed = hear("@msg-id=tos_ban :tmi.twitch.tv NOTICE #ann :x");
    EXPECT_EQ(closed.kind, Kind::left);
    EXPECT_EQ(closed.text, "closed by Twitch");
}

TEST_F(DialogueOfTwo, CountsSilenceAsRefusal) {
    log_in();
    hear(":justinfan1!justinfan1@x JOIN #ann");
    after(15s);
    EXPECT_EQ(dialogue_.roster().find("bob")->reason,
              "no answer: no such channel, or Twitch's limit");
    EXPECT_EQ(failure(), "none");
}

TEST_F(DialogueOfTwo, TakesAnUnaskedPartForAnExpulsion) {
    log_in();
    EXPECT_EQ(hear(":justinfan1!justinfan1@x PART #ann").kind, Kind::nothing);
    hear(":justinfan1!justinfan1@x JOIN #ann");
    EXPECT_EQ(hear(":eve!eve@x PART #ann").kind, Kind::nothing);
    const auto heard = hear(":justinfan1!justinfan1@x PART #ann");
    EXPECT_EQ(heard.kind, Kind::left);
    EXPECT_EQ(heard.channel, "ann");
    EXPECT_EQ(heard.text, "expelled: banned, or the channel is gone");
    EXPECT_EQ(after(5min), "JOIN #ann\r\nPING :coven\r\n");
}

TEST_F(DialogueOfTwo, AnswersAPingWithItsText) {
    log_in();
    hear("PING :tmi.twitch.tv");
    EXPECT_EQ(dialogue_.take_output(), "PONG :tmi.twitch.tv\r\n");
    hear("PING token");
    hear("PING");
    hear(std::string("PING :a\r\0QUIT", 13));
    EXPECT_EQ(dialogue_.take_output(), "PONG :token\r\nPONG :\r\nPONG :aQUIT\r\n");
}

TEST_F(DialogueOfTwo, GivesUpOnAFloodOfPings) {
    log_in();
    for (int i = 0; i < 10000; ++i) hear("PING :tmi.twitch.tv");
    EXPECT_EQ(failure(), "the server asks faster than it reads our answers");
    EXPECT_LT(dialogue_.take_output().size(), 70000u);
}

TEST_F(DialogueOfTwo, SendsItsOwnPingAndExpectsAnAnswer) {
    log_in();
    hear(":justinfan1!justinfan1@x JOIN #ann");
    hear(":justinfan1!justinfan1@x JOIN #bob");
    EXPECT_EQ(dialogue_.deadline(now_), start + 30s);
    EXPECT_EQ(after(30s), "PING :coven\r\n");
    EXPECT_EQ(dialogue_.deadline(now_), start + 40s);
    hear(":tmi.twitch.tv PONG tmi.twitch.tv :coven");
    EXPECT_EQ(dialogue_.deadline(now_), start + 60s);
    EXPECT_EQ(after(30s), "PING :coven\r\n");
    EXPECT_EQ(after(9s), "");
    EXPECT_EQ(failure(), "none");
    EXPECT_EQ(after(1s), "");
    EXPECT_EQ(failure(), "no PONG in time");
}

TEST_F(DialogueOfTwo, LeavesOnlyWhenAllWasHeard) {
    log_in();
    hear(":justinfan1!justinfan1@x JOIN #ann");
    dialogue_.drain(now_);
    dialogue_.drain(now_);
    EXPECT_EQ(dialogue_.take_output(), "PING :coven-last\r\n");
    hear(":tmi.twitch.tv PONG tmi.twitch.tv :coven");
    EXPECT_FALSE(dialogue_.drained());
    hear(":tmi.twitch.tv PONG tmi.twitch.tv :coven-last");
    EXPECT_TRUE(dialogue_.drained());
    EXPECT_EQ(failure(), "none");
}

TEST_F(DialogueOfTwo, GivesUpLeavingWhenNoAnswerComes) {
    log_in();
    dialogue_.drain(now_);
    dialogue_.take_output();
    EXPECT_EQ(dialogue_.deadline(now_), start + 10s);
    EXPECT_EQ(after(10s), "");
    EXPECT_EQ(failure(), "no PONG in time");
    EXPECT_FALSE(dialogue_.drained());
}

TEST_F(DialogueOfTwo, ForgivesNoMissingPongByAskingAgain) {
    Dialogue::Settings settings;
    settings.nick = "x";
    settings.ping_every = 10s;
    settings.pong_limit = 25s;
    Dialogue dialogue(settings, Roster({}, queue_), start);
    dialogue.hear(chat::IrcLine::parse("001 x").value(), start);
    for (auto now = start; now < start + 35s; now += 1s) dialogue.advance(now);
    EXPECT_FALSE(dialogue.failure().has_value());
    dialogue.advance(start + 35s);
    EXPECT_EQ(dialogue.failure().value_or(""), "no PONG in time");
}

TEST_F(DialogueOfTwo, MakesValidTextOfWhatTheServerSays) {
    hear(":tmi.twitch.tv NOTICE * :\xff" + std::string(1000, 'x'));
    EXPECT_EQ(failure(), "login refused: \xef\xbf\xbd" + std::string(299, 'x'));
}

TEST_F(DialogueOfTwo, LogsInWithTheTokenOfAnAccount) {
    Dialogue dialogue({.nick = "eve", .token = coven::Secret("abc")}, Roster({}, queue_), start);
    EXPECT_NE(dialogue.take_output().find("\r\nPASS oauth:abc\r\nNICK eve\r\n"), std::string::npos);
}

TEST_F(DialogueOfTwo, EntersAndLeavesRoomsWhileItTalks) {
    log_in();
    hear(":justinfan1!justinfan1@x JOIN #ann");
    dialogue_.want("zed", JoinQueue::Turn::last);
    EXPECT_EQ(after(0s), "JOIN #zed\r\n");
    dialogue_.drop("ann");
    EXPECT_EQ(after(0s), "PART #ann\r\n");
    // What it asked for itself is no expulsion.
    EXPECT_EQ(hear(":justinfan1!justinfan1@x PART #ann").kind, Kind::nothing);
    dialogue_.drop("unheard_of");
    EXPECT_EQ(after(0s), "");
}

TEST_F(DialogueOfTwo, EntersNoRoomWhenItIsAboutToLeave) {
    log_in();
    dialogue_.drain(now_);
    dialogue_.want("zed", JoinQueue::Turn::last);
    EXPECT_EQ(after(0s), "PING :coven-last\r\n");
}

TEST_F(DialogueOfTwo, PassesOnMessagesAndReconnects) {
    log_in();
    EXPECT_EQ(hear(":a!a@a PRIVMSG #ann :x").kind, Kind::message);
    EXPECT_EQ(hear(":tmi.twitch.tv RECONNECT").kind, Kind::reconnect);
    EXPECT_EQ(hear(":tmi.twitch.tv 421 justinfan1 X :Unknown command").kind, Kind::nothing);
}

TEST(Dialogue, KeepsItsJoinLinesShort) {
    JoinQueue queue({.joins = 100, .window = 12s});
    Roster roster({}, queue);
    for (int i = 0; i < 100; ++i) {
        roster.want(std::string(20, 'x') + std::to_string(i), JoinQueue::Turn::last);
    }
    Dialogue dialogue({.nick = "x", .token = {}}, std::move(roster), start);
    dialogue.take_output();
    dialogue.hear(chat::IrcLine::parse("001 x").value(), start);
    dialogue.advance(start);
    auto output = dialogue.take_output();
    std::size_t channels = 0;
    while (!output.empty()) {
        const auto line = output.substr(0, output.find('\n') + 1);
        EXPECT_LE(line.size(), 512u);
        channels += static_cast<std::size_t>(std::count(line.begin(), line.end(), '#'));
        output.erase(0, line.size());
    }
    EXPECT_EQ(channels, 100u);
}

}  // namespace
