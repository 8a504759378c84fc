#include "helix_chat.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "chat.hpp"
#include "coven_testing/moved_clock.hpp"
#include "helix_api.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// "bot" is a moderator of "xqc".
class HelixChat : public ::testing::Test {
  protected:
    HelixChat() {
        api_.set_chat(chat_);
        chat_.book.set_role("xqc", "bot", Role::moderator);
        chat_.told = [this](std::string_view line, std::size_t) { told_.emplace_back(line); };
        for (const char* login : {"xqc", "forsen", "troll"}) chat_.users.meet(login);
    }

    static std::string id(std::string_view login) { return numeric_id(login); }

    WebAnswer ask(const std::string& method, const std::string& target, const json::value& body) {
        WebRequest request;
        request.method = method;
        set_target(request, "/helix" + target);
        request.headers = {{"authorization", "Bearer " + token_}, {"client-id", "simpublic"}};
        request.body = json::serialize(body);
        return api_.answer(request);
    }
    WebAnswer say(std::string_view channel, std::string_view text) {
        return ask("POST", "/chat/messages",
                   {{"broadcaster_id", id(channel)}, {"sender_id", id("bot")}, {"message", text}});
    }
    /// The drop reason, or "sent".
    std::string dropped(std::string_view channel, std::string_view text) {
        const auto answer = say(channel, text);
        EXPECT_EQ(answer.status, 200u) << answer.body;
        const auto row = json::parse(answer.body).at("data").at(0);
        if (row.at("is_sent").as_bool()) return "sent";
        EXPECT_EQ(row.at("message_id"), json::value(""));
        return std::string(row.at("drop_reason").at("code").as_string());
    }
    std::string as_moderator(const std::string& path, std::string_view channel) {
        return path + "?broadcaster_id=" + id(channel) + "&moderator_id=" + id("bot");
    }
    WebAnswer ban(std::string_view login, const json::value& duration) {
        json::object data{{"user_id", id(login)}};
        if (!duration.is_null()) data["duration"] = duration;
        return ask("POST", as_moderator("/moderation/bans", "xqc"), {{"data", data}});
    }
    WebAnswer announce(const json::value& body) {
        return ask("POST", as_moderator("/chat/announcements", "xqc"), body);
    }
    WebAnswer shout(std::string_view target) {
        return ask("POST",
                   "/chat/shoutouts?from_broadcaster_id=" + id("xqc") +
                       "&to_broadcaster_id=" + id(target) + "&moderator_id=" + id("bot"),
                   {});
    }

    testing::MovedClock clock_;
    Chat chat_{ChatRules{}, clock_};
    Accounts accounts_{{}, chat_.users, clock_};
    HelixApi api_{{}, accounts_, chat_.users, clock_};
    std::string token_ =
        accounts_
            .issue("bot", {"moderator:manage:announcements", "moderator:manage:banned_users",
                           "moderator:manage:chat_messages", "moderator:manage:shoutouts",
                           "user:write:chat"})
            .access;
    Lines told_;
};

TEST_F(HelixChat, SaysWhatItIsGiven) {
    const auto answer = say("forsen", "hello\r\nPRIVMSG");
    EXPECT_EQ(answer.status, 200u);
    const auto row = json::parse(answer.body).at("data").at(0);
    EXPECT_TRUE(row.at("is_sent").as_bool());
    const auto& deed = chat_.deeds.last().back();
    EXPECT_EQ(row.at("message_id"), json::value(deed.id));
    EXPECT_EQ(deed.transport, Deed::Transport::helix);
    ASSERT_EQ(told_.size(), 1u);
    EXPECT_TRUE(told_[0].ends_with("PRIVMSG #forsen :hello  PRIVMSG")) << told_[0];
}

TEST_F(HelixChat, TellsWhyItDrops) {
    chat_.users.meet("bot");
    EXPECT_EQ(dropped("forsen", "x"), "sent");
    EXPECT_EQ(dropped("forsen", "y"), "msg_ratelimit");
    clock_.jump(1s);
    EXPECT_EQ(dropped("forsen", "x"), "msg_duplicate");
    chat_.book.of("forsen").modes.followers_only = 0;
    EXPECT_EQ(dropped("forsen", "y"), "followers_only_mode");
    chat_.book.of("forsen").bans["bot"] = clock_.instant() + 1min;
    EXPECT_EQ(dropped("forsen", "y"), "user_timed_out");
    chat_.refusals.refuse("bot", 1, "user_warned");
    EXPECT_EQ(dropped("xqc", "y"), "user_warned") << "verbatim";
    chat_.limits.silence(id("bot"), clock_.instant() + 1h);
    EXPECT_EQ(dropped("xqc", "y"), "msg_ratelimit");
}

TEST_F(HelixChat, CountsWithIrc) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(dropped("xqc", "x"), "sent");
    EXPECT_EQ(dropped("forsen", "x"), "msg_ratelimit");
    EXPECT_EQ(chat_.deeds.last().back().outcome, "silenced");
}

TEST_F(HelixChat, RefusesWhatMakesNoSense) {
    EXPECT_EQ(say("forsen", std::string(501, 'x')).status, 422u);
    EXPECT_EQ(say("forsen", "").status, 400u);
    EXPECT_EQ(say("nobody", "x").status, 400u);
    EXPECT_EQ(ask("POST", "/chat/messages", "nonsense").status, 400u);
    json::object body{
        {"broadcaster_id", id("xqc")}, {"sender_id", id("xqc")}, {"message", "as another"}};
    EXPECT_EQ(ask("POST", "/chat/messages", body).status, 401u);
    body["sender_id"] = id("bot");
    body["reply_parent_message_id"] = "nonsense";
    EXPECT_EQ(ask("POST", "/chat/messages", body).body,
              R"({"error":"Bad Request","status":400,"message":"Message cannot be replied to."})");
    chat_.book.of("forsen").bans["bot"] = std::nullopt;
    EXPECT_EQ(say("forsen", "x").status, 403u);
    token_ = accounts_.issue("bot", {"chat:edit"}).access;
    EXPECT_EQ(
        say("xqc", "x").body,
        R"({"error":"Unauthorized","status":401,"message":"Missing scope: user:write:chat"})");
}

TEST_F(HelixChat, DeletesOneMessageOrAll) {
    chat_.book.set_role("xqc", "friend", Role::moderator);
    const auto said_by = [this](std::string_view login) {
        ChatMessage message;
        message.from = plain_person(login);
        message.channel = "xqc";
        message.text = "hm";
        chat_.say(message, nullptr);
        return message.id;
    };
    const auto path = as_moderator("/moderation/chat", "xqc") + "&message_id=";
    const auto by_troll = said_by("troll");
    EXPECT_EQ(ask("DELETE", path + by_troll, {}).status, 204u);
    EXPECT_TRUE(told_.back().starts_with("@login=troll;room-id=" + id("xqc") +
                                         ";target-msg-id=" + by_troll + ";"))
        << told_.back();
    EXPECT_TRUE(told_.back().ends_with(" CLEARMSG #xqc :hm")) << told_.back();
    EXPECT_EQ(ask("DELETE", path + by_troll, {}).status, 404u) << "it is gone";
    EXPECT_EQ(ask("DELETE", path + said_by("xqc"), {}).status, 400u);
    EXPECT_EQ(ask("DELETE", path + said_by("friend"), {}).status, 400u);
    EXPECT_EQ(ask("DELETE", as_moderator("/moderation/chat", "xqc"), {}).status, 204u);
    EXPECT_TRUE(told_.back().ends_with(" CLEARCHAT #xqc")) << told_.back();
    EXPECT_EQ(chat_.deeds.last().back().kind, "clear");
    EXPECT_EQ(ask("DELETE", as_moderator("/moderation/chat", "forsen"), {}).status, 403u);
}

TEST_F(HelixChat, BansAndTakesItBack) {
    auto answer = ban("troll", 600);
    EXPECT_EQ(answer.status, 200u);
    EXPECT_NE(answer.body.find(R"("end_time":"2026-01-01T00:10:00Z")"), std::string::npos)
        << answer.body;
    EXPECT_TRUE(told_.back().starts_with("@ban-duration=600;")) << told_.back();
    EXPECT_TRUE(told_.back().ends_with(" CLEARCHAT #xqc :troll")) << told_.back();
    answer = ban("troll", nullptr);
    EXPECT_NE(answer.body.find(R"("end_time":null)"), std::string::npos) << answer.body;
    EXPECT_TRUE(told_.back().starts_with("@room-id=")) << told_.back();
    EXPECT_EQ(ban("troll", nullptr).body,
              R"({"error":"Bad Request","status":400,)"
              R"("message":"The user specified in the user_id field is already banned."})");
    const auto unban = as_moderator("/moderation/bans", "xqc") + "&user_id=" + id("troll");
    EXPECT_EQ(ask("DELETE", unban, {}).status, 204u);
    EXPECT_EQ(ask("DELETE", unban, {}).status, 400u);
    EXPECT_EQ(ban("xqc", nullptr).status, 400u) << "the broadcaster";
    EXPECT_EQ(ban("bot", 1).status, 400u) << "itself";
    EXPECT_EQ(ban("nobody", 1).status, 400u);
    for (const json::value& time : {json::value(0), json::value(1'209'601), json::value("x")}) {
        EXPECT_EQ(ban("troll", time).status, 400u) << time;
    }
}

TEST_F(HelixChat, AnnouncesEveryTwoSeconds) {
    EXPECT_EQ(announce({{"message", "hear!"}, {"color", "blue"}}).status, 204u);
    const auto& line = told_.back();
    EXPECT_NE(line.find(";msg-id=announcement;msg-param-color=BLUE;"), std::string::npos) << line;
    EXPECT_TRUE(line.ends_with(" :tmi.twitch.tv USERNOTICE #xqc :hear!")) << line;
    EXPECT_EQ(announce({{"message", "again"}}).status, 429u);
    clock_.jump(2s);
    EXPECT_EQ(announce({{"message", "again"}}).status, 204u);
    EXPECT_EQ(announce({{"message", "x"}, {"color", "red"}}).status, 400u);
    EXPECT_EQ(announce({}).status, 400u);
}

TEST_F(HelixChat, GivesShoutoutsNowAndThen) {
    EXPECT_EQ(shout("forsen").status, 204u);
    EXPECT_EQ(shout("troll").status, 429u) << "one in two minutes";
    clock_.jump(2min);
    EXPECT_EQ(shout("forsen").status, 429u) << "the same once an hour";
    EXPECT_EQ(shout("troll").status, 204u);
    clock_.jump(58min);
    EXPECT_EQ(shout("forsen").status, 204u);
    EXPECT_EQ(shout("xqc").status, 400u) << "not to itself";
}

TEST_F(HelixChat, TellsWhereAnAccountIsModerator) {
    chat_.book.set_role("forsen", "bot", Role::vip);
    chat_.book.set_role("ann", "bot", Role::moderator);
    token_ = accounts_.issue("bot", {"user:read:moderated_channels"}).access;
    const auto target = "/moderation/channels?user_id=" + id("bot");
    auto body = json::parse(ask("GET", target, nullptr).body);
    ASSERT_EQ(body.at("data").as_array().size(), 2u);
    EXPECT_EQ(body.at("data").at(0).at("broadcaster_login"), json::value("ann"));
    EXPECT_EQ(body.at("data").at(1).at("broadcaster_id"), json::value(id("xqc")));
    EXPECT_TRUE(body.at("pagination").as_object().empty());
    body = json::parse(ask("GET", target + "&first=1", nullptr).body);
    ASSERT_EQ(body.at("data").as_array().size(), 1u);
    const auto cursor = std::string(body.at("pagination").at("cursor").as_string());
    body = json::parse(ask("GET", target + "&first=1&after=" + cursor, nullptr).body);
    ASSERT_EQ(body.at("data").as_array().size(), 1u);
    EXPECT_EQ(body.at("data").at(0).at("broadcaster_login"), json::value("xqc"));
    EXPECT_TRUE(body.at("pagination").as_object().empty());
    for (const char* wrong : {"&first=0", "&first=101", "&first=x", "&after=x"}) {
        EXPECT_EQ(ask("GET", target + wrong, nullptr).status, 400u) << wrong;
    }
    const auto other = "/moderation/channels?user_id=" + id("xqc");
    EXPECT_EQ(ask("GET", other, nullptr).status, 401u);
    token_ = accounts_.issue("bot", {"user:write:chat"}).access;
    EXPECT_EQ(ask("GET", target, nullptr).status, 401u);
}

TEST_F(HelixChat, AsksModeratorsForTheirScopeAndRole) {
    token_ = accounts_.issue("bot", {"user:write:chat"}).access;
    EXPECT_EQ(ban("troll", 1).body, R"({"error":"Unauthorized","status":401,)"
                                    R"("message":"Missing scope: moderator:manage:banned_users"})");
    token_ = accounts_.issue("troll", {"moderator:manage:banned_users"}).access;
    EXPECT_EQ(ban("troll", 1).status, 401u) << "the moderator is another account";
}

}  // namespace
}  // namespace coven::sim
