#include "send/orders.hpp"

#include <gtest/gtest.h>

#include "coven/command.hpp"
#include "coven_testing/moved_clock.hpp"

namespace chat {
namespace {

using namespace std::chrono_literals;
using coven::v1::Reply;

class OrdersTest : public testing::Test {
  protected:
    Understood read(const std::string& verb, const google::protobuf::Message& payload) {
        auto call = coven::request_of(verb, payload);
        call.set_target(target_);
        call.set_priority(2);
        call.set_deadline_ms(5000);
        return understand(call, clock_);
    }
    std::string code_of(const std::string& verb, const google::protobuf::Message& payload) {
        const auto understood = read(verb, payload);
        const auto* reply = std::get_if<Reply>(&understood.what);
        return reply == nullptr ? "fine" : reply->code();
    }
    Deed deed(const std::string& verb, const google::protobuf::Message& payload) {
        auto understood = read(verb, payload);
        return std::get<Deed>(std::move(understood.what));
    }

    coven::testing::MovedClock clock_;
    std::string target_;
};

TEST_F(OrdersTest, ReadsALine) {
    twitch::v1::ChatSend line;
    line.set_channel("ann");
    line.set_text("hi");
    line.set_reply_to("44f8");
    line.set_account("bot");
    auto understood = read("chat.send", line);
    EXPECT_EQ(understood.account, "bot");
    const auto order = std::get<SendOrder>(understood.what);
    EXPECT_EQ(order.speech.channel, "ann");
    EXPECT_EQ(order.speech.reply_to, "44f8");
    EXPECT_EQ(order.priority, 2);
    EXPECT_EQ(order.expires, clock_.instant() + 4800ms);
    line.set_not_after_us(coven::microseconds_since_epoch(clock_.now() + 1s));
    understood = read("chat.send", line);
    EXPECT_EQ(std::get<SendOrder>(understood.what).expires, clock_.instant() + 1s);
    line.set_not_after_us(1);
    understood = read("chat.send", line);
    EXPECT_EQ(std::get<SendOrder>(understood.what).expires, clock_.instant());
    target_ = "other";
    EXPECT_EQ(code_of("chat.send", line), "account_and_target");
}

TEST_F(OrdersTest, ReadsWhatModeratorsDo) {
    twitch::v1::ChatTimeout timeout;
    timeout.set_channel("ann");
    timeout.set_user("eve");
    timeout.set_seconds(60);
    timeout.set_reason("so \"rude\"");
    EXPECT_EQ(deed("chat.timeout", timeout).json,
              R"({"data":{"user_id":"USER_ID","duration":60,"reason":"so \"rude\""}})");
    timeout.set_seconds(1209601);
    EXPECT_EQ(code_of("chat.timeout", timeout), "seconds_out_of_range");
    twitch::v1::ChatBan ban;
    ban.set_channel("ann");
    EXPECT_EQ(code_of("chat.ban", ban), "user_malformed");
    ban.set_user("eve");
    EXPECT_EQ(deed("chat.ban", ban).path, "/moderation/bans");
    twitch::v1::ChatUnban unban;
    unban.set_channel("ann");
    unban.set_user("eve");
    EXPECT_EQ(deed("chat.unban", unban).user_name, "user_id");
    twitch::v1::ChatShoutout shoutout;
    shoutout.set_channel("ann");
    shoutout.set_user("bob");
    EXPECT_EQ(deed("chat.shoutout", shoutout).paces.size(), 2u);
    twitch::v1::ChatAnnounce announcement;
    announcement.set_channel("ann");
    announcement.set_text("news");
    EXPECT_EQ(deed("chat.announce", announcement).json, R"({"message":"news","color":"primary"})");
    announcement.set_colour("pink");
    EXPECT_EQ(code_of("chat.announce", announcement), "colour_unknown");
}

TEST_F(OrdersTest, RefusesWhatItCannotRead) {
    twitch::v1::ChatAction action;
    action.set_channel("#ann");
    EXPECT_EQ(code_of("chat.action", action), "channel_malformed");
    action.set_channel("ann");
    EXPECT_EQ(code_of("chat.action", action), "text_empty");
    for (const char* verb : chat_verbs) {
        EXPECT_EQ(code_of(verb, twitch::v1::ChatDone()), "payload_wrong") << verb;
    }
}

}  // namespace
}  // namespace chat
