#include "eventsub/trigger.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "eventsub/client_for_test.hpp"
#include "eventsub/matching.hpp"
#include "verbs.hpp"

namespace asio = boost::asio;
namespace json = boost::json;

namespace coven::sim::eventsub {
namespace {

json::object made(std::string_view type, std::string_view version, std::string_view fields) {
    Users users;
    Ids ids(1);
    EventMaker maker(users, ids, Time());
    return maker.make(*find_template(type, version), parse_fields(fields).value()).value();
}

TEST(EventSubTemplates, AreThereForEveryType) {
    for (const auto& type : types()) {
        ASSERT_NE(find_template(type.name, type.version), nullptr) << type.name << type.version;
        const auto text = json::serialize(made(type.name, type.version, ""));
        EXPECT_EQ(text.find('$'), std::string::npos) << text;
        EXPECT_EQ(text.find('@'), std::string::npos) << text;
    }
    EXPECT_NE(trigger_help().find("channel.cheer (version 1): is_anonymous user broadcaster"),
              std::string::npos)
        << trigger_help();
}

TEST(EventSubTemplates, AreAboutWhatConditionsName) {
    for (const auto& type : types()) {
        // Who is named in an event stands there with an id, whatever the condition.
        const auto event = made(type.name, type.version, "");
        Subscription one;
        one.type = &type;
        const auto id = Users().meet("streamer").id;
        each_word(type.condition, ' ', [&one, &id](std::string_view key) {
            if (key == "broadcaster_user_id") one.condition.emplace(key, id);
        });
        EXPECT_TRUE(matches(one, event)) << type.name << json::serialize(event);
    }
}

TEST(EventMaker, TakesFieldsByHand) {
    const auto event = made("channel.channel_points_custom_reward_redemption.add", "1",
                            "user=fan user_input=a cup = of tea reward.cost=5 +more={\"a\":[1]}");
    EXPECT_EQ(TestListener::text(event, "/user_login"), "fan");
    EXPECT_EQ(TestListener::text(event, "/user_id"), Users().meet("fan").id);
    EXPECT_EQ(TestListener::text(event, "/user_input"), "a cup = of tea");
    EXPECT_EQ(event.at("reward").at("cost"), 5);
    EXPECT_EQ(json::serialize(event.at("more")), R"({"a":[1]})");
    EXPECT_EQ(TestListener::text(event, "/redeemed_at"), "1970-01-01T00:00:00.000000000Z");
    const auto nobody = made("channel.cheer", "1", "user=null is_anonymous=true");
    EXPECT_TRUE(nobody.at("user_id").is_null());
    EXPECT_EQ(nobody.at("is_anonymous"), true);
    const auto poll = made("channel.poll.end", "1", "choices.1.title=Maybe");
    EXPECT_EQ(TestListener::text(poll, "/choices/1/title"), "Maybe");
    const auto reply = made("channel.chat.message", "1", "reply.parent_message_id=abc");
    EXPECT_EQ(TestListener::text(reply, "/reply/parent_message_id"), "abc");
}

TEST(EventMaker, SaysWhatDoesNotFit) {
    struct Row {
        const char* type;
        const char* fields;
        const char* fault;
    };
    for (const auto& row :
         {Row{"channel.nothing", "", "a type of EventSub: 'channel.nothing'"},
          Row{"channel.cheer", "hello", "fields: is no FIELD=VALUE: 'hello'"},
          Row{"channel.cheer", "cost=5", "other fields: channel.cheer has no field 'cost'"},
          Row{"channel.cheer", "bits=many",
              "other fields: channel.cheer 'bits' needs JSON: 'many'"},
          Row{"channel.cheer", "user=No Body",
              "other fields: channel.cheer 'user' needs a login, or null: 'No Body'"}}) {
        EXPECT_EQ(trigger_fault(row.type, row.fields).value_or(""), row.fault);
    }
    // Of two versions one is enough.
    EXPECT_EQ(trigger_fault("channel.channel_points_automatic_reward_redemption.add",
                            "reward.channel_points=5"),
              std::nullopt);
}

class Trigger : public ::testing::Test {
  protected:
    void run(asio::awaitable<void> test) { stage_.run(with_api(stage_, std::move(test))); }

    Stage stage_{{}};
};

Done play(Stage& stage, std::string_view command) {
    return carry_out(stage.twitch(), parse_command(command).value());
}

asio::awaitable<void> fire(Stage& stage) {
    TestListener listener(stage);
    TestAccount meadow(stage, "meadow", {"bits:read", "channel:read:redemptions"});
    co_await listener.welcome("/ws");
    const json::object condition{{"broadcaster_user_id", meadow.id}};
    for (const char* type :
         {"channel.cheer", "channel.channel_points_automatic_reward_redemption.add"}) {
        const auto answer = co_await meadow.subscribe(listener.session_id, type, condition);
        EXPECT_TRUE(answer.starts_with("202 ")) << answer;
    }
    auto done = play(stage, "trigger channel.cheer bits=7 message=have a coin");
    EXPECT_EQ(done.count, 1u) << "where somebody listens";
    EXPECT_EQ(done.unit, "notifications");
    auto message = co_await listener.next();
    EXPECT_EQ(TestListener::text(message, "/payload/event/broadcaster_user_login"), "meadow");
    EXPECT_EQ(TestListener::text(message, "/payload/event/message"), "have a coin");
    done = play(stage, "trigger channel.cheer broadcaster=elsewhere");
    EXPECT_EQ(done.count, 0u);
    done = play(stage, "trigger channel.channel_points_automatic_reward_redemption.add");
    EXPECT_EQ(done.count, 1u) << "in the version that was asked for";
    message = co_await listener.next();
    EXPECT_EQ(message.at("payload").at("event").at("reward").at("cost"), 100);
}

TEST_F(Trigger, FiresByHand) { run(fire(stage_)); }

asio::awaitable<void> fail(Stage& stage) {
    TestListener listener(stage);
    TestAccount meadow(stage, "meadow", {"bits:read"});
    co_await listener.welcome("/ws");
    const json::object condition{{"broadcaster_user_id", meadow.id}};
    co_await meadow.subscribe(listener.session_id, "channel.cheer", condition);
    EXPECT_EQ(play(stage, "eventsub-mute #meadow").count, 1u);
    play(stage, "trigger channel.cheer");
    EXPECT_EQ(play(stage, "eventsub-speak").count, 1u);
    EXPECT_EQ(play(stage, "eventsub-cut #elsewhere").count, 0u);
    EXPECT_EQ(play(stage, "eventsub-garbage utf8 1").count, 1u);
    auto text = co_await listener.next_text();
    EXPECT_EQ(text.find("notification"), std::string::npos) << "the cheer was not told";
    EXPECT_EQ(play(stage, "eventsub-raw {\"what\":1}").count, 1u);
    EXPECT_EQ(play(stage, "revoke meadow").count, 2u);
    EXPECT_EQ(play(stage, "eventsub-close 4005 #elsewhere").count, 0u);
    EXPECT_EQ(play(stage, "eventsub-close 4005").count, 1u);
}

TEST_F(Trigger, FailsOnDemand) { run(fail(stage_)); }

TEST(EventSubVerbs, SayWhatTheyMiss) {
    struct Row {
        const char* text;
        const char* message;
    };
    for (const auto& row :
         {Row{"trigger x", "'trigger' needs a type of EventSub: 'x'"},
          Row{"trigger channel.cheer x", "'trigger' needs fields: is no FIELD=VALUE: 'x'"},
          Row{"eventsub-close 999", "'eventsub-close' needs a close code from 1000 to 4999"},
          Row{"eventsub-close 1006", "'eventsub-close' needs a close code from 1000 to 4999"},
          Row{"eventsub-revoke no",
              "'eventsub-revoke' needs a status: authorization_revoked, user_removed, "
              "version_removed, moderator_removed or chat_user_banned"},
          Row{"broadcaster a b", "'broadcaster' needs a kind: affiliate, partner or none"}}) {
        const auto command = parse_command(row.text);
        ASSERT_TRUE(command.has_error()) << row.text;
        EXPECT_EQ(command.error().message, row.message);
    }
}

}  // namespace
}  // namespace coven::sim::eventsub
