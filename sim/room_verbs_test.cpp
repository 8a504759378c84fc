#include <gtest/gtest.h>

#include "chat_message.hpp"
#include "stage_for_test.hpp"
#include "verbs.hpp"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace coven::sim {
namespace {

std::size_t play(Stage& stage, std::string_view command) {
    const auto parsed = parse_command(command);
    EXPECT_TRUE(parsed.has_value()) << command << ": " << parsed.error().message;
    return parsed ? carry_out(stage.twitch(), *parsed).count : 0;
}

void expect_end(const std::string& line, std::string_view end) {
    EXPECT_TRUE(line.ends_with(end)) << line;
}

void expect_part(const std::string& line, std::string_view part) {
    EXPECT_NE(line.find(part), std::string::npos) << line;
}

asio::awaitable<void> be_moderated(Stage& stage) {
    auto& server = *stage.server;
    const auto reader = co_await TestClient::join(server, "xqc");
    const auto troll = co_await TestClient::log_in(server, "troll");
    co_await troll->socket->write("JOIN #xqc\r\n");
    co_await troll->line_with("ROOMSTATE");
    co_await troll->socket->write("PRIVMSG #xqc :first\r\n");
    co_await reader->line_with(":first");

    EXPECT_EQ(play(stage, "delete xqc troll"), 2u);
    auto line = co_await reader->line();
    expect_part(line, "@login=troll;");
    expect_end(line, "CLEARMSG #xqc :first");
    EXPECT_EQ(play(stage, "delete xqc troll"), 0u) << "nothing is left";
    EXPECT_EQ(play(stage, "timeout xqc troll 10s"), 2u);
    line = co_await reader->line();
    expect_part(line, "@ban-duration=10;");
    co_await troll->socket->write("PRIVMSG #xqc :second\r\n");
    line = co_await troll->line_with("NOTICE");
    expect_end(line, ":You are timed out for 10 more seconds.");

    play(stage, "ban xqc troll");
    line = co_await troll->line_with("PART");
    EXPECT_EQ(line, ":troll!troll@troll.tmi.twitch.tv PART #xqc");
    co_await troll->socket->write("JOIN #xqc\r\n");
    line = co_await troll->line();
    expect_part(line, "@msg-id=msg_banned ");
    play(stage, "unban xqc troll");
    co_await troll->socket->write("JOIN #xqc\r\n");
    co_await troll->line_with("ROOMSTATE");
    EXPECT_EQ(play(stage, "clear #xqc"), 2u);
    line = co_await troll->line();
    expect_end(line, "CLEARCHAT #xqc");
}

TEST(RoomVerbs, Moderate) {
    Stage stage({});
    stage.run(be_moderated(stage));
}

asio::awaitable<void> see_modes(Stage& stage) {
    const auto reader = co_await TestClient::join(*stage.server, "xqc");
    struct Row {
        const char* verb;
        const char* tag;
        const char* notice;
    };
    for (const auto& row :
         {Row{"mode xqc slow 30", "@slow=30;", "@msg-id=slow_on "},
          Row{"mode xqc slow off", "@slow=0;", "@msg-id=slow_off "},
          Row{"mode xqc emote-only on", "@emote-only=1;", "=emote_only_on "},
          Row{"mode xqc subs-only off", "@subs-only=0;", "=subs_off "},
          Row{"mode xqc unique on", "@r9k=1;", "=r9k_on "},
          Row{"mode xqc followers-only 0", "@followers-only=0;", "=followers_on_zero "},
          Row{"mode xqc followers-only off", "@followers-only=-1;", "=followers_off "}}) {
        EXPECT_EQ(play(stage, row.verb), 1u);
        auto line = co_await reader->line();
        expect_part(line, row.tag);
        expect_end(line, "ROOMSTATE #xqc");
        line = co_await reader->line();
        expect_part(line, row.notice);
    }
    const auto late = co_await TestClient::log_in(*stage.server, "justinfan2");
    co_await late->socket->write("JOIN #xqc\r\n");
    const auto state = co_await late->line_with("ROOMSTATE");
    expect_part(state, "@emote-only=1;followers-only=-1;r9k=1;");
}

TEST(RoomVerbs, ChangeModes) {
    Stage stage({});
    stage.run(see_modes(stage));
}

asio::awaitable<void> see_notices(Stage& stage) {
    const auto reader = co_await TestClient::join(*stage.server, "xqc");
    for (const char* kind :
         {"sub", "resub", "subgift", "giftpaidupgrade", "anongiftpaidupgrade", "rewardgift", "raid",
          "unraid", "bitsbadgetier", "modiversary", "viewermilestone", "announcement",
          "primepaidupgrade", "ritual", "charitydonation", "socialsharingbadge", "unheard_of"}) {
        EXPECT_EQ(play(stage, "usernotice xqc somebody " + std::string(kind)), 1u);
        const auto line = co_await reader->line();
        expect_part(line, ";msg-id=" + std::string(kind) + ";");
        expect_end(line, " :tmi.twitch.tv USERNOTICE #xqc");
    }
    play(stage, "usernotice xqc somebody resub cumulative-months=9 sub-plan-name=a\\sb :so long");
    auto line = co_await reader->line();
    expect_part(line, ";msg-param-cumulative-months=9;");
    expect_part(line, ";msg-param-sub-plan-name=a\\sb;");
    expect_part(line, ";system-msg=somebody\\ssubscribed\\swith\\sPrime.");
    expect_end(line, "USERNOTICE #xqc :so long");
    play(stage, "notice xqc tos_ban closed for good");
    line = co_await reader->line();
    EXPECT_EQ(line, "@msg-id=tos_ban :tmi.twitch.tv NOTICE #xqc :closed for good");
    play(stage, "raw :tmi.twitch.tv NEWCOMMAND #xqc :what is this");
    line = co_await reader->line();
    EXPECT_EQ(line, ":tmi.twitch.tv NEWCOMMAND #xqc :what is this");
}

TEST(RoomVerbs, TellWhatTwitchTells) {
    Stage stage({});
    stage.run(see_notices(stage));
}

asio::awaitable<void> get_gifts(Stage& stage) {
    const auto reader = co_await TestClient::join(*stage.server, "xqc");
    EXPECT_EQ(play(stage, "usernotice xqc ananonymousgifter submysterygift mass-gift-count=3"), 4u);
    const auto bomb = co_await reader->line();
    expect_part(bomb, ";user-id=274598607;");
    const auto place = bomb.find("msg-param-community-gift-id=");
    const auto id = bomb.substr(place, bomb.find(';', place) - place);
    for (int i = 1; i <= 3; ++i) {
        const auto gift = co_await reader->line();
        expect_part(gift, ";msg-id=subgift;");
        expect_part(gift, ";" + id + ";");
        expect_part(gift, ";msg-param-recipient-user-name=recipient_" + std::to_string(i) + ";");
    }
}

TEST(RoomVerbs, DropGiftBombs) {
    Stage stage({});
    stage.run(get_gifts(stage));
}

asio::awaitable<void> share_chat(Stage& stage) {
    auto& server = *stage.server;
    const auto here = co_await TestClient::join(server, "xqc");
    const auto there = co_await TestClient::log_in(server, "justinfan2");
    co_await there->socket->write("JOIN #forsen\r\n");
    co_await there->line_with("ROOMSTATE");
    play(stage, "share xqc forsen");
    EXPECT_EQ(server.say("xqc", "somebody", "hello"), 2u);
    const auto original = co_await here->line();
    const auto copy = co_await there->line();
    const auto id = std::string(tag_value(original.substr(1), "id"));
    EXPECT_EQ(tag_value(original.substr(1), "source-id"), id);
    expect_part(copy, ";source-id=" + id + ";");
    expect_part(copy, ";source-room-id=" + numeric_id("xqc") + ";");
    expect_part(copy, ";room-id=" + numeric_id("forsen") + ";");
    EXPECT_NE(tag_value(copy.substr(1), "id"), id);
    play(stage, "usernotice xqc somebody sub");
    auto line = co_await here->line();
    expect_part(line, ";msg-id=sub;");
    line = co_await there->line();
    expect_part(line, ";msg-id=sharedchatnotice;");
    expect_part(line, ";source-msg-id=sub;");
    play(stage, "unshare forsen");
    EXPECT_EQ(server.say("xqc", "somebody", "alone"), 1u);
    line = co_await here->line();
    EXPECT_EQ(line.find("source-id"), std::string::npos) << line;
}

TEST(RoomVerbs, ShareChats) {
    Stage stage({});
    stage.run(share_chat(stage));
}

asio::awaitable<void> be_whispered_to(Stage& stage) {
    const auto client = co_await TestClient::log_in(*stage.server, "bot");
    EXPECT_EQ(play(stage, "whisper somebody bot psst"), 1u);
    auto line = co_await client->line_with("WHISPER");
    expect_end(line, ":somebody!somebody@somebody.tmi.twitch.tv WHISPER bot :psst");
    co_await client->socket->write("CAP REQ :twitch.tv/membership\r\nJOIN #xqc\r\n");
    co_await client->line_with("ROOMSTATE");
    EXPECT_EQ(play(stage, "come xqc guest"), 1u);
    line = co_await client->line();
    EXPECT_EQ(line, ":guest!guest@guest.tmi.twitch.tv JOIN #xqc");
    EXPECT_EQ(play(stage, "go xqc guest"), 1u);
    line = co_await client->line();
    EXPECT_EQ(line, ":guest!guest@guest.tmi.twitch.tv PART #xqc");
}

TEST(RoomVerbs, WhisperAndComeAndGo) {
    Stage stage({});
    stage.run(be_whispered_to(stage));
}

asio::awaitable<void> be_refused(Stage& stage) {
    const auto client = co_await TestClient::log_in(*stage.server, "bot");
    play(stage, "refuse-sends bot 1 msg_requires_verified_phone_number");
    co_await client->socket->write("PRIVMSG #xqc :one\r\n");
    auto line = co_await client->line_with("NOTICE");
    expect_part(line, "@msg-id=msg_requires_verified_phone_number ");
    play(stage, "gag bot 1h");
    co_await client->socket->write("PRIVMSG #xqc :two\r\nPING :end\r\n");
    line = co_await client->line();
    expect_part(line, "PONG");
    play(stage, "gag bot 0s");
    play(stage, "role xqc bot vip");
    co_await client->socket->write("PRIVMSG #xqc :three\r\n");
    line = co_await client->line();
    expect_part(line, "badges=vip/1;");
    play(stage, "role xqc bot none");
    EXPECT_EQ(stage.server->chat().book.role("xqc", "bot"), Role::viewer);
}

TEST(RoomVerbs, SayWhatBecomesOfMessages) {
    Stage stage({});
    stage.run(be_refused(stage));
}

TEST(RoomVerbs, SayWhatTheyMiss) {
    struct Row {
        const char* text;
        const char* message;
    };
    for (const auto& row :
         {Row{"role xqc bot king",
              "'role' needs a role: moderator, vip, subscriber, follower or none"},
          Row{"mode xqc loud on",
              "'mode' needs a mode: emote-only, followers-only, slow, subs-only or unique"},
          Row{"mode xqc slow on", "'mode' needs a number (minutes, for slow seconds) or off"},
          Row{"mode xqc unique 3", "'mode' needs on or off"},
          Row{"usernotice xqc a sub nonsense", "'usernotice' needs NAME=VALUE, or : and a text"},
          Row{"share xqc X", "'share' needs a second login or channel"},
          Row{"refuse-sends # 1 x", "'refuse-sends' needs #channel or a login"},
          Row{"refuse-sends bot 1", "'refuse-sends' needs a msg-id"},
          Row{"delete xqc", "'delete' needs a word"}}) {
        const auto command = parse_command(row.text);
        ASSERT_TRUE(command.has_error()) << row.text;
        EXPECT_EQ(command.error().message, row.message);
    }
}

}  // namespace
}  // namespace coven::sim
