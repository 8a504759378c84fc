#include "subscription_table.hpp"

#include <gtest/gtest.h>

#include "eventsub/matching.hpp"

namespace coven::sim::eventsub {
namespace {

using namespace std::chrono_literals;
using OfOthers = SubscriptionTable::OfOthers;

Subscription wanted(const std::string& session, const std::string& channel,
                    std::string_view type = "channel.cheer", std::string_view version = "1") {
    static int count = 0;
    Subscription one;
    one.id = std::to_string(++count);
    one.type = find_type(type, version);
    one.condition = {{"broadcaster_user_id", channel}};
    one.client_id = "app";
    one.user_id = "1";
    one.session_id = session;
    one.cost = one.type->scopes.empty() ? 1 : 0;
    return one;
}

class EventSubTable : public ::testing::Test {
  protected:
    std::string refusal(const Subscription& one, OfOthers of_others = OfOthers::allowed) const {
        const auto refusal = table_.refusal(one, of_others);
        return refusal ? std::to_string(refusal->status) + " " + refusal->message : "";
    }

    SubscriptionTable table_{{}};
};

TEST_F(EventSubTable, HasEachSubscriptionOnceInASession) {
    EXPECT_EQ(refusal(wanted("a", "1")), "");
    table_.add(wanted("a", "1"));
    EXPECT_EQ(refusal(wanted("a", "1")), "409 subscription already exists");
    EXPECT_EQ(table_.refusal(wanted("a", "1"), OfOthers::allowed)->id, table_.all().front().id);
    EXPECT_EQ(refusal(wanted("a", "2")), "") << "another channel";
    EXPECT_EQ(refusal(wanted("b", "1")), "") << "another session";
    EXPECT_EQ(refusal(wanted("b", "1"), OfOthers::in_the_way), "409 subscription already exists");
    table_.disable("a", "websocket_disconnected", {}, Instant() + 1min);
    EXPECT_EQ(refusal(wanted("b", "1"), OfOthers::in_the_way), "") << "what is disabled is not";
}

TEST_F(EventSubTable, HasThreeEqualOnesAndThreeTransports) {
    for (const char* session : {"a", "b", "c"}) table_.add(wanted(session, "1"));
    EXPECT_EQ(refusal(wanted("d", "1")),
              "429 maximum subscriptions with type and condition exceeded");
    EXPECT_EQ(refusal(wanted("d", "2")), "429 number of websocket transports limit exceeded");
    EXPECT_EQ(refusal(wanted("c", "2")), "");
    auto other = wanted("d", "2");
    other.user_id = "2";
    EXPECT_EQ(refusal(other), "") << "each user has its own";
}

TEST_F(EventSubTable, HasABudgetAndARoom) {
    for (int i = 0; i < 10; ++i) table_.add(wanted("a", std::to_string(i), "stream.online"));
    EXPECT_EQ(table_.cost_of({"app", "1"}), 10u);
    EXPECT_EQ(refusal(wanted("a", "x", "stream.online")),
              "429 total_cost would exceed max_total_cost");
    EXPECT_EQ(refusal(wanted("a", "x")), "") << "what costs nothing fits";
    for (int i = 0; i < 290; ++i) table_.add(wanted("a", std::to_string(i)));
    EXPECT_EQ(refusal(wanted("a", "x")),
              "429 number of subscriptions of a websocket transport exceeded");
}

TEST_F(EventSubTable, ListsWhatIsDisabledForAWhile) {
    table_.add(wanted("a", "1", "stream.online"));
    table_.add(wanted("b", "1", "stream.online"));
    const Time now{5s};
    table_.disable("a", "websocket_network_error", now, Instant() + 60s);
    EXPECT_EQ(table_.all().front().status, "websocket_network_error");
    EXPECT_EQ(table_.all().front().disconnected_at, now);
    EXPECT_EQ(table_.cost_of({"app", "1"}), 1u);
    table_.forget(Instant() + 59s);
    EXPECT_EQ(table_.all().size(), 2u);
    table_.forget(Instant() + 60s);
    EXPECT_EQ(table_.all().size(), 1u);
    table_.move("b", "c", now);
    EXPECT_EQ(table_.enabled_in("b"), 0u);
    EXPECT_EQ(table_.enabled_in("c"), 1u);
}

TEST(EventSubTypes, AreThereOrWereRemoved) {
    EXPECT_NE(find_type("channel.follow", "2"), nullptr);
    EXPECT_EQ(find_type("channel.follow", "1"), nullptr);
    EXPECT_TRUE(was_removed("channel.follow", "1"));
    EXPECT_FALSE(was_removed("channel.follow", "3"));
    for (const auto& type : types()) EXPECT_EQ(find_type(type.name, type.version), &type);
}

TEST(EventSubMatching, LooksWhereEachTypeSaysIt) {
    struct Row {
        const char* type;
        const char* key;
        const char* value;
        boost::json::object event;
        bool matches;
    };
    for (const auto& row :
         {Row{"channel.cheer", "broadcaster_user_id", "1", {{"broadcaster_user_id", "1"}}, true},
          Row{"channel.cheer", "broadcaster_user_id", "1", {{"broadcaster_user_id", "2"}}, false},
          Row{"channel.cheer", "broadcaster_user_id", "1", {}, false},
          Row{"channel.raid",
              "to_broadcaster_user_id",
              "1",
              {{"to_broadcaster_user_id", "1"}},
              true},
          Row{"channel.shield_mode.begin", "moderator_user_id", "9", {}, true},
          Row{"channel.chat.message", "user_id", "9", {}, true},
          Row{"channel.chat.user_message_hold", "user_id", "9", {{"user_id", "8"}}, false},
          Row{"user.update", "user_id", "9", {{"user_id", "9"}}, true},
          Row{"user.whisper.message", "user_id", "9", {{"to_user_id", "9"}}, true},
          Row{"channel.charity_campaign.start",
              "broadcaster_user_id",
              "1",
              {{"broadcaster_id", "1"}},
              true},
          Row{"channel.channel_points_custom_reward.remove", "reward_id", "r", {{"id", "r"}}, true},
          Row{"channel.channel_points_custom_reward_redemption.add",
              "reward_id",
              "r",
              {{"id", "r"}, {"reward", {{"id", "s"}}}},
              false}}) {
        Subscription one;
        one.type = find_type(row.type, "1");
        ASSERT_NE(one.type, nullptr) << row.type;
        one.condition = {{row.key, row.value}};
        EXPECT_EQ(matches(one, row.event), row.matches) << row.type << " " << row.key;
    }
}

}  // namespace
}  // namespace coven::sim::eventsub
