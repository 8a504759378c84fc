// An account's own connection for speaking, over real sockets, to the simulator's chat.

#include "send/irc_voice.hpp"

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "coven_testing/moved_clock.hpp"
#include "coven_testing/played_tokens.hpp"
#include "coven_testing/test_jobs.hpp"
#include "coven_testing/turn_until.hpp"
#include "send/hostile_text_for_test.hpp"
#include "send/text.hpp"
#include "twitch.hpp"

namespace chat {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Kind = Attempt::Kind;

coven::sim::ChatServer::Options strict() {
    coven::sim::ChatServer::Options options;
    options.rules.strangers = coven::sim::Strangers::refused;
    // None waits between its lines here: that is for the limiter.
    options.rules.sends.pause = 0s;
    options.rules.sends.privileged = 1000;
    return options;
}

class IrcVoiceTest : public testing::Test {
  protected:
    IrcVoiceTest() {
        coven::sim::introduce({.chat = *server_, .api = *api_});
        let_in("token-1");
        settings_.url = server_->url();
        jobs_.start(server_->run());
        start_voice();
    }
    ~IrcVoiceTest() override { jobs_.finish(); }

    void start_voice() {
        const auto learn = [this](const auto& learned) {
            standings_[learned.channel] = learned.standing;
        };
        voices_.push_back(std::make_unique<IrcVoice>(settings_, "bot", tokens_, clock_,
                                                     io_.get_executor(), learn));
        jobs_.start(voices_.back()->run());
    }
    void let_in(const std::string& token) {
        api_->accounts().import(token, "bot", {"chat:read", "chat:edit"});
    }
    asio::awaitable<void> speak(Speech speech, coven::Instant until, Attempt& attempt, bool& done) {
        attempt = co_await voices_.back()->say(std::move(speech), until);
        done = true;
    }
    /// What becomes of a line that is being said.
    struct Said {
        Attempt attempt;
        bool done = false;
    };
    Said& begin(const std::string& channel, const std::string& text, coven::Duration wait = 1min) {
        auto& said = *said_.emplace_back(std::make_unique<Said>());
        Speech speech;
        speech.channel = channel;
        speech.text = text;
        jobs_.start(speak(std::move(speech), clock_.instant() + wait, said.attempt, said.done));
        return said;
    }
    /// Lets the sockets work, and the clock go on, until `holds`.
    template <class Holds>
    testing::AssertionResult until(Holds holds) {
        const auto go_on = [this] { clock_.advance(io_, 20ms); };
        return coven::testing::turn_until(io_, holds, go_on);
    }
    Attempt outcome(const Said& said) {
        EXPECT_TRUE(until([&] { return said.done; }));
        return said.attempt;
    }
    Attempt say(const std::string& channel, const std::string& text, coven::Duration wait = 1min) {
        return outcome(begin(channel, text, wait));
    }
    /// Texts that Twitch has taken, in order.
    std::vector<std::string> heard() {
        std::vector<std::string> texts;
        for (const auto& deed : server_->chat().deeds.last()) {
            if (deed.outcome == "done") texts.push_back(deed.text);
        }
        return texts;
    }
    /// Until the server has `text` from us.
    testing::AssertionResult arrives(const std::string& text) {
        return until([this, &text] {
            const auto& lines = server_->received();
            return !lines.empty() && lines.back().line.ends_with(":" + text);
        });
    }
    /// From now on not a word about what "bot" says, as when it has said too much.
    void gag() { server_->chat().limits.silence(bot_id(), coven::Instant::max()); }
    void end_gag() { server_->chat().limits.silence(bot_id(), clock_.instant()); }
    std::string bot_id() { return server_->users().person("bot").id; }
    /// The nonce of the last line that the server has from us.
    std::string nonce() {
        const auto& line = server_->received().back().line;
        const auto begin = line.find('=') + 1;
        return line.substr(begin, line.find_first_of("; ") - begin);
    }
    std::uint64_t logins() { return server_->tally().connections; }

    asio::io_context io_{1};
    coven::testing::MovedClock clock_;
    std::unique_ptr<coven::sim::ChatServer> server_ =
        coven::sim::ChatServer::listen(io_, clock_, strict()).value();
    /// For its accounts.
    std::unique_ptr<coven::sim::ApiServer> api_ =
        coven::sim::ApiServer::listen(io_, clock_, server_->users(), {}).value();
    coven::testing::PlayedTokens tokens_;
    IrcVoice::Settings settings_;
    std::map<std::string, Standing> standings_;
    /// The last one speaks.
    std::vector<std::unique_ptr<IrcVoice>> voices_;
    std::vector<std::unique_ptr<Said>> said_;
    coven::testing::TestJobs jobs_{io_};
};

TEST_F(IrcVoiceTest, SaysTheIdOnceTwitchHasConfirmedIt) {
    const auto first = say("ann", "hi");
    EXPECT_EQ(first.kind, Kind::sent) << first.message;
    EXPECT_EQ(first.message_id, server_->chat().deeds.last().back().id);
    server_->chat().book.set_role("bob", "bot", coven::sim::Role::moderator);
    EXPECT_EQ(say("bob", "say \"hi\" 😂").kind, Kind::sent);
    EXPECT_EQ(heard(), (std::vector<std::string>{"hi", "say \"hi\" 😂"}));
    EXPECT_EQ(standings_["ann"], Standing::ordinary);
    EXPECT_EQ(standings_["bob"], Standing::privileged);
    EXPECT_EQ(logins(), 1u) << "one connection for all";
}

TEST_F(IrcVoiceTest, GivesEachRefusalAsTwitchWordsIt) {
    for (const char* code :
         {"msg_banned", "msg_timedout", "msg_duplicate", "msg_slowmode", "msg_subsonly", "msg_r9k",
          "msg_emoteonly", "msg_followersonly", "msg_channel_suspended", "msg_verified_email",
          "msg_rejected_mandatory", "msg_requires_verified_phone_number", "msg_new_one", "tos_ban",
          "no_permission"}) {
        server_->chat().refusals.refuse("bot", 1, code);
        const auto attempt = say("ann", code);
        EXPECT_EQ(attempt.kind, Kind::refused) << code;
        EXPECT_EQ(attempt.code, code);
        EXPECT_TRUE(attempt.message.starts_with("Twitch refused it: ")) << attempt.message;
        EXPECT_EQ(attempt.pause, 0s) << code;
    }
    server_->chat().refusals.refuse("bot", 1, "msg_ratelimit");
    EXPECT_EQ(say("ann", "too fast").pause, 30s);
    EXPECT_TRUE(heard().empty());
    EXPECT_EQ(logins(), 1u);
}

TEST_F(IrcVoiceTest, DoesNotKnowWhenTwitchKeepsSilentAndBeginsAnew) {
    gag();
    const auto begun = clock_.instant();
    const auto attempt = say("ann", "anybody?");
    EXPECT_EQ(attempt.kind, Kind::unknown) << attempt.message;
    EXPECT_EQ(attempt.code, "no_confirmation");
    EXPECT_GE(clock_.instant() - begun, settings_.answer_limit);
    end_gag();
    EXPECT_EQ(say("ann", "again").kind, Kind::sent);
    EXPECT_EQ(logins(), 2u) << "a late NOTICE would be taken for the next line's";
}

TEST_F(IrcVoiceTest, AsksForAnotherTokenOnceWhenItsLoginIsRefused) {
    api_->accounts().revoke_all("bot");
    let_in("token-2");
    const auto attempt = say("ann", "hi");
    EXPECT_EQ(attempt.kind, Kind::sent) << attempt.message;
    EXPECT_EQ(tokens_.replaced, (std::vector<std::string>{"token-1"}));
    EXPECT_EQ(logins(), 2u);
}

TEST_F(IrcVoiceTest, SaysThatTheOtherTokenWasRefusedToo) {
    api_->accounts().revoke_all("bot");
    auto& first = begin("ann", "one");
    auto& second = begin("bob", "two");
    for (const auto& attempt : {outcome(first), outcome(second)}) {
        EXPECT_EQ(attempt.kind, Kind::impossible);
        EXPECT_EQ(attempt.code, "login_refused");
        EXPECT_NE(attempt.message.find("'Login authentication failed', also with another token"),
                  std::string::npos)
            << attempt.message;
        EXPECT_NE(attempt.message.find("coven login --scopes"), std::string::npos);
    }
    EXPECT_EQ(tokens_.replaced, (std::vector<std::string>{"token-1"}));
    EXPECT_EQ(logins(), 2u);
    // Somebody has logged in again.
    let_in("token-2");
    EXPECT_EQ(say("ann", "back").kind, Kind::sent);
    EXPECT_EQ(heard(), (std::vector<std::string>{"back"}));
}

TEST_F(IrcVoiceTest, SaysWhyThereIsNoOtherToken) {
    api_->accounts().revoke_all("bot");
    tokens_.no_other = "coven-token is not running";
    const auto attempt = say("ann", "hi");
    EXPECT_EQ(attempt.kind, Kind::impossible);
    EXPECT_NE(attempt.message.find("and coven-token is not running"), std::string::npos)
        << attempt.message;
}

TEST_F(IrcVoiceTest, SaysWhyItHasNotBeenSaidInTime) {
    tokens_.missing = "nobody is logged in";
    const auto attempt = say("ann", "hi", 3s);
    EXPECT_EQ(attempt.kind, Kind::not_written);
    EXPECT_EQ(attempt.message, "nobody is logged in");
    tokens_.missing.clear();
    server_->shut(1h);
    const auto late = say("ann", "hi", 3s);
    EXPECT_EQ(late.kind, Kind::not_written);
    EXPECT_EQ(late.code, "not_connected");
    EXPECT_TRUE(server_->received().empty());
}

TEST_F(IrcVoiceTest, DoesNotKnowWhatWasUnderWayWhenItIsCutAndReadsNoHalfLineAfterwards) {
    gag();
    auto& said = begin("ann", "lost");
    ASSERT_TRUE(arrives("lost"));
    // The beginning of a refusal, whose end never comes.
    server_->send_frame("@msg-id=msg_banned :tmi.twitch.tv NOTICE #ann :You are");
    server_->cut_all();
    const auto attempt = outcome(said);
    EXPECT_EQ(attempt.kind, Kind::unknown);
    EXPECT_EQ(attempt.code, "connection_lost");
    end_gag();
    EXPECT_EQ(say("ann", "here").kind, Kind::sent);
    EXPECT_EQ(heard(), (std::vector<std::string>{"here"})) << "nothing is said again by itself";
}

TEST_F(IrcVoiceTest, HearsAnAnswerThatComesInPieces) {
    gag();
    auto& said = begin("ann", "slowly");
    ASSERT_TRUE(arrives("slowly"));
    server_->send_frame("@id=m1;client-nonce=" + nonce());
    server_->send_frame(";mod=0 :tmi.twitch.tv USERST");
    ASSERT_FALSE(said.done);
    server_->send_frame("ATE #ann\r\n");
    const auto attempt = outcome(said);
    EXPECT_EQ(attempt.kind, Kind::sent);
    EXPECT_EQ(attempt.message_id, "m1");
}

TEST_F(IrcVoiceTest, WaitsForTheAnswerThoughItIsAskedToReconnect) {
    gag();
    auto& said = begin("ann", "under way");
    ASSERT_TRUE(arrives("under way"));
    const auto confirmation =
        "@id=m1;client-nonce=" + nonce() + " :tmi.twitch.tv USERSTATE #ann\r\n";
    server_->reconnect();
    server_->send_frame("PING :read so far\r\n");
    ASSERT_TRUE(arrives("read so far"));
    auto& next = begin("bob", "over the new one");
    server_->send_frame(confirmation);
    EXPECT_EQ(outcome(said).kind, Kind::sent);
    end_gag();
    EXPECT_EQ(outcome(next).kind, Kind::sent);
    EXPECT_EQ(logins(), 2u);
    EXPECT_EQ(heard(), (std::vector<std::string>{"over the new one"}));
}

TEST_F(IrcVoiceTest, DoesNotKnowWhenTheServerLeavesWithoutAnAnswer) {
    settings_.answer_limit = 1min;
    start_voice();
    gag();
    auto& said = begin("ann", "under way");
    ASSERT_TRUE(arrives("under way"));
    server_->reconnect();
    const auto attempt = outcome(said);
    EXPECT_EQ(attempt.kind, Kind::unknown);
    EXPECT_EQ(attempt.code, "connection_lost");
    end_gag();
    EXPECT_EQ(say("ann", "here").kind, Kind::sent);
}

TEST_F(IrcVoiceTest, SaysHostileTextsAsTheyStandOnOneLineEach) {
    std::mt19937 random(7);
    std::size_t said = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto text = hostile_text(random);
        if (line_fault(text)) continue;
        const auto before = server_->tally().received;
        EXPECT_EQ(say("bot", text).kind, Kind::sent) << text;
        const auto& line = server_->received().back().line;
        EXPECT_TRUE(line.ends_with(" PRIVMSG #bot :" + text)) << line;
        EXPECT_EQ(server_->tally().received - before, said++ == 0 ? 4u : 1u) << line;
    }
    EXPECT_GT(said, 100u);
}

TEST_F(IrcVoiceTest, ComesBackByItselfOnceItIsNeeded) {
    EXPECT_EQ(say("ann", "one").kind, Kind::sent);
    for (int i = 0; i < 3; ++i) {
        server_->cut_all();
        EXPECT_TRUE(until([&] { return server_->connection_numbers().empty(); }));
        EXPECT_EQ(say("ann", std::to_string(i)).kind, Kind::sent);
    }
    EXPECT_EQ(logins(), 4u);
}

}  // namespace
}  // namespace chat
