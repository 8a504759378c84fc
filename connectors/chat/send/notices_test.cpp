#include "send/notices.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

TEST(Notices, KnowsEveryDocumentedRefusal) {
    for (const char* id : {"msg_duplicate",
                           "msg_slowmode",
                           "msg_r9k",
                           "msg_bad_characters",
                           "msg_rejected",
                           "msg_rejected_mandatory",
                           "msg_emoteonly",
                           "msg_followersonly",
                           "msg_followersonly_followed",
                           "msg_followersonly_zero",
                           "msg_subsonly",
                           "msg_verified_email",
                           "msg_requires_verified_phone_number",
                           "msg_timedout",
                           "msg_banned",
                           "msg_channel_blocked",
                           "msg_channel_suspended",
                           "msg_suspended",
                           "tos_ban",
                           "unrecognized_cmd",
                           "msg_something_new"}) {
        EXPECT_EQ(meaning_of_notice(id), NoticeMeaning::refusal) << id;
    }
}

TEST(Notices, TellsLimitsFromOtherRefusals) {
    EXPECT_EQ(meaning_of_notice("msg_ratelimit"), NoticeMeaning::limit);
    EXPECT_TRUE(says_limit("msg_ratelimit"));
    EXPECT_FALSE(says_limit("msg_duplicate"));
}

TEST(Notices, TakesNothingElseForARefusal) {
    for (const char* id : {"emote_only_on", "slow_off", "subs_on", "delete_message_success"}) {
        EXPECT_EQ(meaning_of_notice(id), NoticeMeaning::nothing) << id;
    }
    EXPECT_EQ(meaning_of_notice("usage_host"), NoticeMeaning::unknown);
    EXPECT_EQ(meaning_of_notice(""), NoticeMeaning::unknown);
}

}  // namespace
}  // namespace chat
