#include "send/irc_talk.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

using namespace std::chrono_literals;
using Kind = Attempt::Kind;

IrcSession::Settings as_bot() {
    IrcSession::Settings settings;
    settings.nick = "bot";
    settings.token = coven::Secret("token");
    return settings;
}

class IrcTalkTest : public testing::Test {
  protected:
    void hear(const std::string& text) { talk_.hear(IrcLine::parse(text).value(), now_); }
    std::string output() { return talk_.take_output(now_); }
    void log_in() {
        output();
        hear(":tmi.twitch.tv 001 bot :Welcome, GLHF!");
    }
    IrcTalk::Number say(const std::string& channel, const std::string& text) {
        Speech speech;
        speech.channel = channel;
        speech.text = text;
        talk_.say(++last_, speech);
        last_output_ = output();
        return last_;
    }
    Attempt outcome(IrcTalk::Number number) {
        auto outcomes = talk_.take_outcomes();
        EXPECT_TRUE(outcomes.contains(number));
        return outcomes[number];
    }
    void pass(coven::Duration time) {
        now_ += time;
        talk_.advance(now_);
    }

    coven::Instant now_{1h};
    IrcTalk talk_{as_bot(), 10s, "n", now_};
    IrcTalk::Number last_ = 0;
    std::string last_output_;
};

TEST_F(IrcTalkTest, LogsInAndSpeaksWithoutJoining) {
    EXPECT_EQ(output(),
              "CAP REQ :twitch.tv/tags twitch.tv/commands\r\nPASS oauth:token\r\nNICK bot\r\n");
    EXPECT_FALSE(talk_.is_open());
    log_in();
    EXPECT_TRUE(talk_.is_open());
    say("ann", "hello :)");
    EXPECT_EQ(last_output_, "@client-nonce=n1 PRIVMSG #ann :hello :)\r\n");
}

TEST_F(IrcTalkTest, WritesRepliesAndActions) {
    log_in();
    talk_.say(1, {"ann", "yes", "44f8-5d", Speech::Form::plain});
    EXPECT_EQ(output(), "@client-nonce=n1;reply-parent-msg-id=44f8-5d PRIVMSG #ann :yes\r\n");
    talk_.say(2, {"bob", "waves", "", Speech::Form::action});
    EXPECT_EQ(output(),
              "@client-nonce=n2 PRIVMSG #bob :\x01"
              "ACTION waves\x01\r\n");
}

TEST_F(IrcTalkTest, TakesTheUserStateWithItsNonceForAConfirmation) {
    log_in();
    const auto number = say("ann", "hello");
    hear("@badges=;client-nonce=other;id=1;mod=0 :tmi.twitch.tv USERSTATE #ann");
    EXPECT_TRUE(talk_.take_outcomes().empty());
    hear("@badges=;client-nonce=n1;id=44f8;mod=0 :tmi.twitch.tv USERSTATE #ann");
    const auto attempt = outcome(number);
    EXPECT_EQ(attempt.kind, Kind::sent);
    EXPECT_EQ(attempt.message_id, "44f8");
}

TEST_F(IrcTalkTest, LearnsWhatTheAccountIsThere) {
    log_in();
    hear("@badges=subscriber/1,moderator/1;mod=1 :tmi.twitch.tv USERSTATE #ann");
    hear("@badges=vip/1 :tmi.twitch.tv USERSTATE #bob");
    hear("@badges=subscriber/12;mod=0 :tmi.twitch.tv USERSTATE #eve");
    const auto learned = talk_.take_learned();
    ASSERT_EQ(learned.size(), 3u);
    EXPECT_EQ(learned[0].standing, Standing::privileged);
    EXPECT_EQ(learned[1].standing, Standing::privileged);
    EXPECT_EQ(learned[2].channel, "eve");
    EXPECT_EQ(learned[2].standing, Standing::ordinary);
}

TEST_F(IrcTalkTest, TakesTheNoticeOfTheChannelForARefusal) {
    log_in();
    const auto ann = say("ann", "hello");
    const auto bob = say("bob", "hello");
    hear("@msg-id=slow_on :tmi.twitch.tv NOTICE #ann :This room is now in slow mode.");
    EXPECT_TRUE(talk_.take_outcomes().empty());
    hear("@msg-id=msg_banned :tmi.twitch.tv NOTICE #bob :You are banned.");
    hear("@msg-id=msg_ratelimit :tmi.twitch.tv NOTICE #ann :Too fast.");
    auto outcomes = talk_.take_outcomes();
    EXPECT_EQ(outcomes[bob].kind, Kind::refused);
    EXPECT_EQ(outcomes[bob].code, "msg_banned");
    EXPECT_EQ(outcomes[bob].message, "Twitch refused it: You are banned.");
    EXPECT_EQ(outcomes[bob].pause, 0s);
    EXPECT_EQ(outcomes[ann].code, "msg_ratelimit");
    EXPECT_EQ(outcomes[ann].pause, 30s);
}

TEST_F(IrcTalkTest, SaysUnknownWhenNeitherComesAndEndsSoThatNothingComesLate) {
    log_in();
    const auto number = say("ann", "hello");
    hear("@msg-id=news :tmi.twitch.tv NOTICE #ann :Something new.");
    pass(9999ms);
    EXPECT_TRUE(talk_.take_outcomes().empty());
    EXPECT_LE(talk_.deadline(), now_ + 1ms);
    pass(1ms);
    const auto attempt = outcome(number);
    EXPECT_EQ(attempt.kind, Kind::unknown);
    EXPECT_EQ(attempt.code, "no_confirmation");
    EXPECT_NE(attempt.message.find("Something new."), std::string::npos);
    EXPECT_FALSE(talk_.is_open());
    EXPECT_TRUE(talk_.has_ended());
}

TEST_F(IrcTalkTest, TellsWhatWasWrittenFromWhatWasNotWhenTheConnectionIsLost) {
    log_in();
    const auto written = say("ann", "hello");
    Speech speech;
    speech.channel = "bob";
    speech.text = "hello";
    const IrcTalk::Number kept = 2;
    talk_.say(kept, speech);
    talk_.lose("reset by peer");
    auto outcomes = talk_.take_outcomes();
    EXPECT_EQ(outcomes[written].kind, Kind::unknown);
    EXPECT_EQ(outcomes[kept].kind, Kind::not_written);
}

TEST_F(IrcTalkTest, GoesOnAfterAReconnectUntilWhatIsUnderWayIsAnswered) {
    log_in();
    const auto number = say("ann", "hello");
    hear(":tmi.twitch.tv RECONNECT");
    EXPECT_FALSE(talk_.is_open());
    EXPECT_FALSE(talk_.has_ended());
    hear("@client-nonce=n1;id=1 :tmi.twitch.tv USERSTATE #ann");
    EXPECT_EQ(outcome(number).kind, Kind::sent);
    EXPECT_TRUE(talk_.has_ended());
}

TEST_F(IrcTalkTest, SaysWhyALoginWasRefused) {
    output();
    hear(":tmi.twitch.tv NOTICE * :Login authentication failed");
    EXPECT_EQ(talk_.login_refusal(), "Login authentication failed");
    EXPECT_TRUE(talk_.failure());
}

TEST_F(IrcTalkTest, NoticesAServerThatIsSilent) {
    pass(15s);
    EXPECT_EQ(talk_.failure(), "no welcome after the login");
}

TEST_F(IrcTalkTest, AsksForSignsOfLife) {
    log_in();
    pass(30s);
    EXPECT_EQ(output(), "PING :coven\r\n");
    hear(":tmi.twitch.tv PONG tmi.twitch.tv :coven");
    hear("PING :tmi.twitch.tv");
    EXPECT_EQ(output(), "PONG :tmi.twitch.tv\r\n");
    pass(30s);
    pass(10s);
    EXPECT_EQ(talk_.failure(), "no PONG in time");
}

}  // namespace
}  // namespace chat
