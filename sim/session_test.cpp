#include "session.hpp"

#include <gtest/gtest.h>

#include "chat_message.hpp"
#include "coven_testing/moved_clock.hpp"

namespace coven::sim {
namespace {

using Lines = std::vector<std::string>;

class Paper final : public Wire {
  public:
    void send(std::string_view line) override { lines.emplace_back(line); }
    void tell(std::string_view line) override { send(line); }
    void hang_up(const char* why) override { hung_up = why; }

    Lines take() { return std::exchange(lines, {}); }

    Lines lines;
    std::string hung_up;
};

struct Client {
    explicit Client(Chat& chat) : session(chat, paper) {}
    Client(Chat& chat, const std::string& nick) : Client(chat) {
        session.receive("CAP REQ :twitch.tv/tags twitch.tv/commands");
        session.receive("PASS oauth:token");
        session.receive("NICK " + nick);
        paper.take();
    }
    Lines answers(std::string_view line) {
        session.receive(line);
        return paper.take();
    }

    Paper paper;
    Session session;
};

class SessionTest : public ::testing::Test {
  protected:
    coven::testing::MovedClock clock;
    Chat chat{ChatRules{}, clock};
};

TEST_F(SessionTest, LetsAnAnonymousReaderIn) {
    Client client(chat);
    EXPECT_EQ(client.answers("CAP REQ :twitch.tv/tags twitch.tv/commands"),
              Lines{":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands"});
    EXPECT_EQ(client.answers("PASS SCHMOOPIIE"), Lines{});
    const auto welcome = client.answers("NICK justinfan12");
    ASSERT_EQ(welcome.size(), 7u);
    EXPECT_EQ(welcome.front(), ":tmi.twitch.tv 001 justinfan12 :Welcome, GLHF!");
    EXPECT_EQ(welcome.back(), ":tmi.twitch.tv 376 justinfan12 :>");
}

TEST_F(SessionTest, RefusesAsManyLoginsAsItWasTold) {
    chat.logins_to_refuse = 1;
    chat.login_refusal = "LoGin AUTHENTICATION failed";
    Client refused(chat);
    EXPECT_EQ(refused.answers("NICK justinfan1"),
              Lines{":tmi.twitch.tv NOTICE * :LoGin AUTHENTICATION failed"});
    EXPECT_EQ(refused.paper.hung_up, "login refused on demand");
    Client welcome(chat, "justinfan2");
    EXPECT_TRUE(welcome.session.is_logged_in());
}

TEST_F(SessionTest, TellsAnAccountItsState) {
    Client client(chat);
    client.answers("CAP REQ :twitch.tv/tags twitch.tv/commands");
    client.answers("PASS oauth:token");
    const auto welcome = client.answers("NICK Bot");
    EXPECT_EQ(client.session.login(), "bot");
    EXPECT_TRUE(welcome.back().ends_with("GLOBALUSERSTATE"));
    EXPECT_NE(welcome.back().find("user-id=" + numeric_id("bot")), std::string::npos);
}

TEST_F(SessionTest, RefusesAWrongLoginAndHangsUp) {
    Client client(chat);
    client.answers("PASS token");
    EXPECT_EQ(client.answers("NICK bot"),
              Lines{":tmi.twitch.tv NOTICE * :Improperly formatted auth"});
    EXPECT_EQ(client.paper.hung_up, "Improperly formatted auth");
}

TEST_F(SessionTest, RefusesACapabilityThatItDoesNotKnow) {
    Client client(chat);
    EXPECT_EQ(client.answers("CAP REQ :twitch.tv/tags twitch.tv/foo"),
              Lines{":tmi.twitch.tv CAP * NAK :twitch.tv/tags twitch.tv/foo"});
    EXPECT_FALSE(client.session.capabilities().tags);
}

TEST_F(SessionTest, ConfirmsAJoin) {
    Client reader(chat, "justinfan1");
    const auto room_state = "@emote-only=0;followers-only=-1;r9k=0;room-id=" + numeric_id("xqc") +
                            ";slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #xqc";
    EXPECT_EQ(
        reader.answers("JOIN #xqc"),
        (Lines{":justinfan1!justinfan1@justinfan1.tmi.twitch.tv JOIN #xqc",
               ":justinfan1.tmi.twitch.tv 353 justinfan1 = #xqc :justinfan1",
               ":justinfan1.tmi.twitch.tv 366 justinfan1 #xqc :End of /NAMES list", room_state}));
    EXPECT_EQ(reader.answers("JOIN #xqc"), Lines{});
    Client account(chat, "bot");
    EXPECT_TRUE(account.answers("JOIN #xqc")[3].ends_with("USERSTATE #xqc"));
}

TEST_F(SessionTest, JoinsAListOfChannels) {
    Client client(chat, "justinfan1");
    client.answers("JOIN #a,#b,,nonsense,#");
    EXPECT_EQ(client.session.rooms(), (std::set<std::string, std::less<>>{"a", "b"}));
}

TEST_F(SessionTest, SaysNothingOfChannelsThatDoNotExist) {
    chat.rules.unknown.insert("nobody");
    Client client(chat, "justinfan1");
    EXPECT_EQ(client.answers("JOIN #nobody"), Lines{});
}

TEST_F(SessionTest, SaysThatAChannelIsSuspended) {
    chat.rules.suspended.insert("gone");
    Client client(chat, "justinfan1");
    EXPECT_EQ(client.answers("JOIN #gone"),
              Lines{"@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #gone :This channel does "
                    "not exist or has been suspended."});
    EXPECT_TRUE(client.session.rooms().empty());
}

TEST_F(SessionTest, HangsUpOnTheTwentyFirstJoin) {
    Client client(chat, "justinfan1");
    for (int i = 0; i < 20; ++i) client.answers("JOIN #room" + std::to_string(i));
    EXPECT_EQ(client.paper.hung_up, "");
    client.answers("JOIN #onemore");
    EXPECT_EQ(client.paper.hung_up, "too many joins");
}

TEST_F(SessionTest, CountsTheJoinsOfAllConnectionsOfAnAccount) {
    Client first(chat, "bot");
    Client second(chat, "bot");
    first.answers("JOIN #a,#b,#c,#d,#e,#f,#g,#h,#i,#j,#k,#l,#m,#n,#o,#p,#q,#r,#s,#t");
    second.answers("JOIN #u");
    EXPECT_EQ(second.paper.hung_up, "too many joins");
    clock.jump(std::chrono::seconds(10));
    Client third(chat, "bot");
    third.answers("JOIN #u");
    EXPECT_EQ(third.paper.hung_up, "");
}

TEST_F(SessionTest, PartsAndHearsNoMore) {
    Client client(chat, "justinfan1");
    client.answers("JOIN #xqc");
    EXPECT_EQ(client.answers("PART #xqc"),
              Lines{":justinfan1!justinfan1@justinfan1.tmi.twitch.tv PART #xqc"});
    EXPECT_EQ(chat.rooms.members("xqc").size(), 0u);
    EXPECT_EQ(client.answers("PART #xqc"), Lines{});
}

TEST_F(SessionTest, ShowsWhoComesOnlyToThoseWhoAsked) {
    Client curious(chat, "justinfan1");
    curious.answers("CAP REQ :twitch.tv/membership");
    Client plain(chat, "justinfan2");
    curious.answers("JOIN #xqc");
    plain.answers("JOIN #xqc");
    EXPECT_EQ(curious.paper.take(),
              Lines{":justinfan2!justinfan2@justinfan2.tmi.twitch.tv JOIN #xqc"});
    plain.answers("PART #xqc");
    curious.answers("PART #xqc");
    EXPECT_EQ(plain.paper.take(), Lines{});
    plain.answers("JOIN #xqc");
    EXPECT_EQ(curious.answers("JOIN #xqc")[1],
              ":justinfan1.tmi.twitch.tv 353 justinfan1 = #xqc :justinfan2 justinfan1");
}

TEST_F(SessionTest, AnswersAPing) {
    Client client(chat, "justinfan1");
    EXPECT_EQ(client.answers("PING :abc"), Lines{":tmi.twitch.tv PONG tmi.twitch.tv :abc"});
    EXPECT_EQ(client.answers("PING"), Lines{"PONG"});
}

TEST_F(SessionTest, KnowsWhetherItsOwnPingWasAnswered) {
    Client client(chat, "justinfan1");
    client.session.ask();
    EXPECT_EQ(client.paper.take(), Lines{"PING :tmi.twitch.tv"});
    EXPECT_FALSE(client.session.answered());
    client.answers("PONG :tmi.twitch.tv");
    EXPECT_TRUE(client.session.answered());
}

TEST_F(SessionTest, DoesNotKnowOtherCommands) {
    Client client(chat, "justinfan1");
    EXPECT_EQ(client.answers("WHO #xqc"),
              Lines{":tmi.twitch.tv 421 justinfan1 WHO :Unknown command"});
    EXPECT_EQ(client.answers(""), Lines{});
}

TEST_F(SessionTest, HandsAMessageToTheOthersInTheRoom) {
    Client speaker(chat, "bot");
    Client reader(chat, "justinfan1");
    reader.answers("JOIN #xqc");
    speaker.answers("JOIN #xqc");
    const auto state = speaker.answers("@client-nonce=n1 PRIVMSG #xqc :hello there");
    ASSERT_EQ(state.size(), 1u);
    EXPECT_TRUE(state[0].ends_with("USERSTATE #xqc"));
    EXPECT_NE(state[0].find(";client-nonce=n1;"), std::string::npos);
    const auto heard = reader.paper.take();
    ASSERT_EQ(heard.size(), 1u);
    EXPECT_TRUE(heard[0].ends_with(" :bot!bot@bot.tmi.twitch.tv PRIVMSG #xqc :hello there"));
    EXPECT_NE(heard[0].find("client-nonce=n1;"), std::string::npos);
    EXPECT_NE(heard[0].find("tmi-sent-ts=1767225600000;"), std::string::npos);
}

TEST_F(SessionTest, KnowsTwoWaysToWriteAnAction) {
    Client speaker(chat, "bot");
    Client reader(chat, "justinfan1");
    reader.answers("JOIN #xqc");
    for (const char* text : {"\1ACTION waves\1", "/me waves"}) {
        clock.jump(std::chrono::minutes(1));
        speaker.answers(std::string("PRIVMSG #xqc :") + text);
        const auto heard = reader.paper.take();
        ASSERT_EQ(heard.size(), 1u) << text;
        EXPECT_TRUE(heard[0].ends_with(" :\1ACTION waves\1")) << text;
    }
}

TEST_F(SessionTest, HearsNothingFromAnonymousReaders) {
    Client speaker(chat, "justinfan2");
    Client reader(chat, "justinfan1");
    reader.answers("JOIN #xqc");
    EXPECT_EQ(speaker.answers("PRIVMSG #xqc :hello"), Lines{});
    EXPECT_EQ(reader.paper.take(), Lines{});
}

TEST_F(SessionTest, KnowsNoSlashCommands) {
    Client speaker(chat, "bot");
    const auto answer = speaker.answers("PRIVMSG #xqc :/ban somebody");
    ASSERT_EQ(answer.size(), 1u);
    EXPECT_TRUE(answer[0].starts_with("@msg-id=unrecognized_cmd "));
}

TEST_F(SessionTest, DropsATextOfMoreThanFiveHundredCodePoints) {
    Client speaker(chat, "bot");
    Client reader(chat, "justinfan1");
    reader.answers("JOIN #xqc");
    std::string text;
    for (int i = 0; i < 500; ++i) text += "ü";
    EXPECT_EQ(speaker.answers("PRIVMSG #xqc :" + text).size(), 1u);
    EXPECT_TRUE(reader.paper.take()[0].ends_with(" :" + text));
    EXPECT_EQ(speaker.answers("PRIVMSG #xqc :" + text + "x"), Lines{});
    EXPECT_EQ(reader.paper.take(), Lines{});
    EXPECT_EQ(chat.deeds.last().back().outcome, "too_long");
}

TEST_F(SessionTest, IsHeardByTheOtherConnectionsOfItsAccount) {
    Client speaker(chat, "bot");
    Client twin(chat, "bot");
    twin.answers("JOIN #xqc");
    EXPECT_EQ(speaker.answers("PRIVMSG #xqc :not joined").size(), 1u);
    EXPECT_TRUE(twin.paper.take()[0].ends_with("PRIVMSG #xqc :not joined"));
}

TEST_F(SessionTest, ShowsWhatAnAccountIsInAChannel) {
    chat.book.set_role("xqc", "bot", Role::moderator);
    Client client(chat, "bot");
    const auto state = client.answers("JOIN #xqc")[3];
    EXPECT_NE(state.find("badges=moderator/1;"), std::string::npos) << state;
    EXPECT_NE(state.find(";mod=1;"), std::string::npos) << state;
    const auto own = client.answers("JOIN #bot")[3];
    EXPECT_NE(own.find("badges=broadcaster/1;"), std::string::npos) << own;
}

TEST_F(SessionTest, AnswersNoJoinAboveTheCap) {
    chat.rules.rooms = 2;
    chat.book.set_role("moderated", "bot", Role::moderator);
    Client first(chat, "bot");
    Client second(chat, "bot");
    EXPECT_FALSE(first.answers("JOIN #a").empty());
    EXPECT_FALSE(second.answers("JOIN #a").empty()) << "one channel of the account, not two";
    EXPECT_FALSE(second.answers("JOIN #b").empty());
    EXPECT_EQ(first.answers("JOIN #c"), Lines{});
    EXPECT_FALSE(first.answers("JOIN #moderated,#bot").empty());
    second.answers("PART #b");
    EXPECT_FALSE(first.answers("JOIN #c").empty());
    Client reader(chat, "justinfan1");
    reader.answers("JOIN #a,#b,#c");
    EXPECT_EQ(reader.session.rooms().size(), 3u) << "anonymous readers have no cap";
}

TEST_F(SessionTest, TellsThoseWhoAreBannedAtTheirJoin) {
    chat.book.of("xqc").bans.emplace("bot", std::nullopt);
    Client client(chat, "bot");
    EXPECT_EQ(
        client.answers("JOIN #xqc"),
        Lines{"@msg-id=msg_banned :tmi.twitch.tv NOTICE #xqc :You are permanently banned from "
              "talking in xqc."});
    EXPECT_TRUE(client.session.rooms().empty());
}

TEST_F(SessionTest, HangsUpOnTheTwentyFirstLogin) {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(Client(chat, "bot").session.is_logged_in());
    Client client(chat, "bot");
    EXPECT_EQ(client.paper.hung_up, "too many logins");
    EXPECT_FALSE(client.session.is_logged_in());
    clock.jump(std::chrono::seconds(10));
    EXPECT_TRUE(Client(chat, "bot").session.is_logged_in());
}

TEST_F(SessionTest, HearsNothingBeforeItsLogin) {
    Client client(chat);
    EXPECT_EQ(client.answers("JOIN #xqc"), Lines{});
    EXPECT_TRUE(client.session.rooms().empty());
}

TEST_F(SessionTest, LeavesItsRoomsWhenItDies) {
    {
        Client client(chat, "justinfan1");
        client.answers("JOIN #a,#b");
        EXPECT_EQ(chat.rooms.size(), 2u);
    }
    EXPECT_EQ(chat.rooms.size(), 0u);
}

}  // namespace
}  // namespace coven::sim
