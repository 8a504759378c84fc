#include "sending.hpp"

#include <gtest/gtest.h>

#include "coven_testing/moved_clock.hpp"

namespace coven::sim {
namespace {

using namespace std::chrono_literals;

class Sending : public ::testing::Test {
  protected:
    Sent say(std::string_view channel, std::string_view text) {
        Draft draft;
        draft.login = "bot";
        draft.channel = channel;
        draft.text = text;
        return send(chat_, draft);
    }
    /// "done", or why not.
    std::string outcome(std::string_view channel, std::string_view text) {
        say(channel, text);
        return chat_.deeds.last().back().outcome;
    }

    testing::MovedClock clock_;
    Chat chat_{ChatRules{}, clock_};
};

TEST_F(Sending, NotesEachDeed) {
    EXPECT_EQ(say("xqc", "hello").kind, Sent::Kind::done);
    const auto& deed = chat_.deeds.last().back();
    EXPECT_EQ(deed.account, "bot");
    EXPECT_EQ(deed.channel, "xqc");
    EXPECT_EQ(deed.text, "hello");
    EXPECT_EQ(deed.outcome, "done");
    EXPECT_EQ(deed.id.size(), 36u);
    EXPECT_EQ(deed.time, clock_.now());
}

TEST_F(Sending, MakesOneLineOfAnyText) {
    std::string told;
    chat_.told = [&told](std::string_view line, std::size_t) { told = line; };
    say("xqc", "a\r\nPRIVMSG #forsen :b Kappa\xff");
    EXPECT_TRUE(told.ends_with(" PRIVMSG #xqc :a  PRIVMSG #forsen :b Kappa\xEF\xBF\xBD")) << told;
    EXPECT_EQ(say("xqc", " \r\n ").kind, Sent::Kind::ignored);
    clock_.jump(1s);
    say("xqc", "so ü Kappa LUL Kappa");
    EXPECT_NE(told.find(";emotes=25:5-9,15-19/425618:11-13;"), std::string::npos) << told;
}

TEST_F(Sending, IsOneMessageASecondInAChannel) {
    EXPECT_EQ(outcome("xqc", "one"), "done");
    EXPECT_EQ(outcome("xqc", "two"), "msg_ratelimit");
    EXPECT_EQ(outcome("forsen", "two"), "done");
    clock_.jump(1s);
    EXPECT_EQ(outcome("xqc", "three"), "done");
    EXPECT_EQ(outcome("bot", "one"), "done");
    EXPECT_EQ(outcome("bot", "two"), "done") << "its own channel";
}

TEST_F(Sending, DoesNotRepeatItself) {
    EXPECT_EQ(outcome("xqc", "hello"), "done");
    clock_.jump(29s);
    EXPECT_EQ(outcome("forsen", "hello"), "done");
    const auto sent = say("xqc", "hello\xF3\xA0\x80\x80 ");
    EXPECT_EQ(sent.kind, Sent::Kind::refused);
    EXPECT_EQ(sent.refusal.code, "msg_duplicate");
    clock_.jump(1s);
    EXPECT_EQ(outcome("xqc", "hello"), "done");
    chat_.book.set_role("xqc", "bot", Role::vip);
    EXPECT_EQ(outcome("xqc", "hello"), "done");
}

TEST_F(Sending, SilencesWhoSaysTooMuch) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(outcome("room" + std::to_string(i), "x"), "done");
    EXPECT_EQ(say("another", "x").kind, Sent::Kind::ignored);
    EXPECT_EQ(chat_.deeds.last().back().outcome, "silenced");
    clock_.jump(29min + 59s);
    EXPECT_EQ(outcome("another", "x"), "silenced");
    clock_.jump(1s);
    EXPECT_EQ(outcome("another", "x"), "done");
}

TEST_F(Sending, LetsModeratorsSayMore) {
    chat_.book.set_role("xqc", "bot", Role::moderator);
    for (int i = 0; i < 19; ++i) EXPECT_EQ(outcome("xqc", "x"), "done");
    EXPECT_EQ(outcome("forsen", "x"), "done") << "the twentieth of all";
    for (int i = 0; i < 80; ++i) EXPECT_EQ(outcome("xqc", "x"), "done");
    EXPECT_TRUE(chat_.deeds.last().back().is_privileged);
    EXPECT_EQ(outcome("xqc", "x"), "silenced");
    clock_.jump(31min);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(outcome("xqc", "x"), "done");
    EXPECT_EQ(outcome("forsen", "y"), "silenced") << "what was said as a moderator counts";
}

TEST_F(Sending, CountsExactlyThirtySeconds) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(outcome("room" + std::to_string(i), "x"), "done");
    clock_.jump(30s);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(outcome("room" + std::to_string(i), "x"), "done");
    clock_.jump(30s - 1us);
    EXPECT_EQ(outcome("another", "x"), "silenced");
}

TEST_F(Sending, IsStoppedByBansAndSuspensions) {
    auto& bans = chat_.book.of("xqc").bans;
    bans["bot"] = clock_.instant() + 90s;
    EXPECT_EQ(say("xqc", "x").refusal.text, "You are timed out for 90 more seconds.");
    clock_.jump(90s);
    EXPECT_EQ(outcome("xqc", "x"), "done");
    bans["bot"] = std::nullopt;
    EXPECT_EQ(outcome("xqc", "x"), "msg_banned");
    chat_.rules.suspended.insert("gone");
    EXPECT_EQ(outcome("gone", "x"), "msg_channel_suspended");
    chat_.rules.unknown.insert("nobody");
    EXPECT_EQ(outcome("nobody", "x"), "no_channel");
    EXPECT_EQ(outcome("no name", "x"), "no_channel");
}

TEST_F(Sending, ObeysTheModesOfARoom) {
    auto& rules = chat_.book.of("xqc");
    rules.modes.slow = 10;
    EXPECT_EQ(outcome("xqc", "a"), "done");
    clock_.jump(4s);
    EXPECT_EQ(
        say("xqc", "b").refusal.text,
        "This room is in slow mode and you are sending messages too quickly. You will be able "
        "to talk again in 6 seconds.");
    clock_.jump(6s);
    rules.modes = {};
    rules.modes.emote_only = true;
    EXPECT_EQ(outcome("xqc", "Kappa hello"), "msg_emoteonly");
    EXPECT_EQ(outcome("xqc", "Kappa LUL"), "done");
    clock_.jump(31s);
    rules.modes = {};
    rules.modes.subs_only = true;
    EXPECT_EQ(outcome("xqc", "c"), "msg_subsonly");
    rules.subscribers.insert("bot");
    EXPECT_EQ(outcome("xqc", "c"), "done");
    clock_.jump(31s);
    rules.modes = {};
    rules.modes.unique = true;
    EXPECT_EQ(outcome("xqc", "d"), "done");
    clock_.jump(31s);
    EXPECT_EQ(outcome("xqc", "d"), "msg_r9k");
}

TEST_F(Sending, AsksForFollowers) {
    auto& rules = chat_.book.of("xqc");
    rules.modes.followers_only = 10;
    EXPECT_EQ(say("xqc", "x").refusal.text,
              "This room is in 10 minutes followers-only mode. Follow xqc to join the community!");
    rules.followers["bot"] = clock_.instant();
    clock_.jump(4min);
    EXPECT_EQ(outcome("xqc", "x"), "msg_followersonly_followed");
    clock_.jump(6min);
    EXPECT_EQ(outcome("xqc", "x"), "done");
    rules.followers.clear();
    rules.modes.followers_only = 0;
    clock_.jump(1s);
    EXPECT_EQ(outcome("xqc", "y"), "msg_followersonly_zero");
}

TEST_F(Sending, IsRefusedOnDemand) {
    chat_.refusals.refuse("bot", 1, "msg_verified_email");
    chat_.refusals.refuse("#xqc", 1, "whatever_staff_thought_of");
    EXPECT_EQ(outcome("forsen", "x"), "msg_verified_email");
    EXPECT_EQ(outcome("forsen", "x"), "done");
    EXPECT_EQ(outcome("xqc", "x"), "whatever_staff_thought_of");
    EXPECT_EQ(outcome("xqc", "x"), "done");
}

TEST_F(Sending, AnswersAMessage) {
    ChatMessage first;
    first.from = plain_person("somebody");
    first.channel = "xqc";
    first.text = "what?";
    chat_.say(first, nullptr);
    std::string told;
    chat_.told = [&told](std::string_view line, std::size_t) { told = line; };
    Draft draft;
    draft.login = "bot";
    draft.channel = "xqc";
    draft.text = "that";
    draft.reply_to = first.id;
    send(chat_, draft);
    EXPECT_NE(told.find(";reply-parent-msg-body=what?;reply-parent-msg-id=" + first.id + ";"),
              std::string::npos)
        << told;
    EXPECT_TRUE(told.ends_with(" :@somebody that")) << told;
}

}  // namespace
}  // namespace coven::sim
