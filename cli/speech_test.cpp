#include "speech.hpp"

#include <gtest/gtest.h>

#include "coven/command.hpp"
#include "say.hpp"
#include "twitch/v1/chat_commands.pb.h"

namespace coven::cli {
namespace {

TEST(Speech, KnowsChannels) {
    EXPECT_EQ(channel_named("#Ann").value(), "ann");
    EXPECT_EQ(channel_named("b_9").value(), "b_9");
    for (const char* word : {"", "#", "a b", "a\nb", "äöü", "abcdefghijklmnopqrstuvwxyz"}) {
        EXPECT_TRUE(channel_named(word).has_error()) << word;
    }
}

TEST(Speech, MakesTheRequest) {
    Manner manner;
    manner.channel = "ann";
    manner.account = "bot";
    manner.reply_to = "44f8";
    manner.drop = true;
    manner.priority = 3;
    auto request = request_to_say(manner, "hi", "key");
    EXPECT_EQ(request.verb(), "chat.send");
    EXPECT_EQ(request.target(), "bot");
    EXPECT_EQ(request.priority(), 3);
    EXPECT_EQ(request.idempotency_key(), "key");
    const auto line = payload_as<twitch::v1::ChatSend>(request).value();
    EXPECT_EQ(line.channel(), "ann");
    EXPECT_EQ(line.text(), "hi");
    EXPECT_EQ(line.reply_to(), "44f8");
    EXPECT_EQ(line.on_limit(), twitch::v1::ON_LIMIT_DROP);
    manner.form = Manner::Form::action;
    EXPECT_EQ(request_to_say(manner, "waves", "key").verb(), "chat.action");
}

TEST(Speech, SaysWhyALineWasNotSaid) {
    const auto reply = reply_of(v1::Reply::FAILED, "msg_banned", "Twitch\x1b[31m refused it");
    EXPECT_EQ(not_said(reply), "FAILED msg_banned: Twitch\\u{1b}[31m refused it");
    auto limited = reply_of(v1::Reply::RATE_LIMITED, "no_room", "not now");
    limited.set_retry_after_ms(900);
    EXPECT_EQ(not_said(limited), "RATE_LIMITED no_room: not now; again after 900 ms");
    const auto silent = reply_of(v1::Reply::UNKNOWN, "no_answer", "the broker said nothing");
    EXPECT_NE(not_said(silent).find("coven up"), std::string::npos);
}

TEST(Speech, CountsWhatBecameOfTheLines) {
    SpeechTally tally;
    EXPECT_EQ(tally.text(), "0 said");
    EXPECT_EQ(tally.exit_status(), 0);
    for (int i = 0; i < 3; ++i) tally.add(v1::Reply::OK);
    EXPECT_EQ(tally.text(), "3 said");
    EXPECT_EQ(tally.exit_status(), 0);
    tally.add(v1::Reply::FAILED);
    tally.add(v1::Reply::EXPIRED);
    EXPECT_EQ(tally.text(), "3 said, 1 FAILED, 1 EXPIRED");
    EXPECT_EQ(tally.exit_status(), 1);
}

}  // namespace
}  // namespace coven::cli
