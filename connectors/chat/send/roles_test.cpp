#include "send/roles.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

using namespace std::chrono_literals;

constexpr coven::Instant start{};

IrcLine parsed(const char* text) { return IrcLine::parse(text).value(); }

TEST(Roles, KnowTheOwnChannelAndTakeAllOthersForOrdinary) {
    const Roles roles("bot");
    EXPECT_EQ(roles.in("bot", start), Standing::privileged);
    EXPECT_EQ(roles.in("ann", start), Standing::ordinary);
}

TEST(Roles, BelieveTheNewestBadges) {
    Roles roles("bot");
    roles.learn("ann", Standing::privileged, start);
    EXPECT_EQ(roles.in("ann", start), Standing::privileged);
    EXPECT_EQ(roles.in("bob", start), Standing::ordinary);
    roles.learn("ann", Standing::ordinary, start + 1s);
    EXPECT_EQ(roles.in("ann", start + 1s), Standing::ordinary);
}

TEST(Roles, AreNotBelievedForEver) {
    Roles roles("bot");
    roles.learn("ann", Standing::privileged, start);
    EXPECT_EQ(roles.in("ann", start + 9min), Standing::privileged);
    EXPECT_EQ(roles.in("ann", start + 10min), Standing::ordinary);
}

TEST(Roles, TakeNothingBackBecauseOfAListOfModerators) {
    Roles roles("bot");
    roles.learn("vip_there", Standing::privileged, start);
    roles.learn_moderated({"ann"}, start);
    EXPECT_EQ(roles.in("ann", start), Standing::privileged);
    EXPECT_EQ(roles.in("vip_there", start), Standing::privileged);
}

TEST(Roles, AskNowAndThenAndOnlyWhereItMayHelp) {
    Roles roles("bot");
    EXPECT_FALSE(roles.take_question("bot", start));
    EXPECT_TRUE(roles.take_question("ann", start));
    EXPECT_FALSE(roles.take_question("bob", start + 9min));
    roles.learn("ann", Standing::privileged, start + 9min);
    EXPECT_FALSE(roles.take_question("ann", start + 10min));
    EXPECT_TRUE(roles.take_question("bob", start + 10min));
}

TEST(Roles, ForgetRatherThanGrow) {
    Roles roles("bot");
    for (int i = 0; i < 20000; ++i) {
        roles.learn("room_" + std::to_string(i), Standing::privileged, start);
    }
    EXPECT_EQ(roles.in("room_0", start), Standing::ordinary);
    EXPECT_EQ(roles.in("room_19999", start), Standing::privileged);
}

TEST(Badges, TellWhoMayWriteMore) {
    struct Row {
        const char* tags;
        Standing standing;
    };
    for (const auto& [tags, standing] : {
             Row{"@badges=broadcaster/1", Standing::privileged},
             Row{"@badges=subscriber/12,moderator/1", Standing::privileged},
             Row{"@badges=vip/1,partner/1", Standing::privileged},
             Row{"@badges=;mod=1", Standing::privileged},
             Row{"@badges=subscriber/12;mod=0", Standing::ordinary},
             Row{"@badges=vip-friend/1", Standing::ordinary},
             Row{"@badges=moderator_of_nothing/1", Standing::ordinary},
             Row{"@badges=", Standing::ordinary},
             Row{"@id=1", Standing::ordinary},
         }) {
        const auto text = std::string(tags) + " :bot!bot@bot.tmi.twitch.tv PRIVMSG #ann :hi";
        EXPECT_EQ(standing_in(parsed(text.c_str())), standing) << tags;
    }
}

TEST(Badges, OfACopyAreToldApart) {
    EXPECT_FALSE(is_copy(parsed("@room-id=1 :bot!b@b PRIVMSG #ann :hi")));
    EXPECT_FALSE(is_copy(parsed("@room-id=1;source-room-id=1 :bot!b@b PRIVMSG #ann :hi")));
    EXPECT_TRUE(is_copy(parsed("@room-id=1;source-room-id=2 :bot!b@b PRIVMSG #ann :hi")));
}

}  // namespace
}  // namespace chat
