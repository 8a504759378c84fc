#include "chat.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, CountsEachAccountApart) {
    RateLimit limit(2, 10s);
    EXPECT_TRUE(limit.allows("a", Instant()));
    EXPECT_TRUE(limit.allows("a", Instant()));
    EXPECT_FALSE(limit.allows("a", Instant() + 9s));
    EXPECT_TRUE(limit.allows("b", Instant() + 9s));
    EXPECT_TRUE(limit.allows("a", Instant() + 10s));
}

TEST(Login, IsAnonymousWithJustinfanAndDigits) {
    EXPECT_TRUE(is_anonymous("justinfan1"));
    for (const char* login : {"justinfan", "justinfanx", "justinfan1x", "forsen", ""}) {
        EXPECT_FALSE(is_anonymous(login)) << login;
    }
}

TEST(Login, NeedsNoPasswordWhenAnonymous) {
    for (const char* password : {"", "SCHMOOPIIE", "oauth:59301"}) {
        EXPECT_EQ(login_fault({.password = password, .nick = "justinfan7"}, {}), nullptr);
    }
}

TEST(Login, IsRefusedWithTwitchsWords) {
    ChatRules rules;
    rules.tokens.emplace("bot", Secret("right"));
    struct Row {
        const char* password;
        const char* nick;
        const char* fault;
    };
    for (const auto& row :
         {Row{"oauth:right", "", "Invalid NICK"}, Row{"oauth:right", "b o t", "Invalid NICK"},
          Row{"right", "bot", "Improperly formatted auth"},
          Row{"", "bot", "Improperly formatted auth"},
          Row{"oauth:", "bot", "Improperly formatted auth"},
          Row{"oauth:wrong", "bot", "Login authentication failed"}}) {
        EXPECT_STREQ(login_fault({.password = row.password, .nick = row.nick}, rules), row.fault);
    }
}

TEST(Login, BelongsToTheTokenRatherThanToTheNick) {
    ChatRules rules;
    rules.tokens.emplace("bot", Secret("right"));
    const LoginAttempt attempt{.password = "oauth:right", .nick = "somebody"};
    EXPECT_EQ(login_fault(attempt, rules), nullptr);
    EXPECT_EQ(login_of(attempt, rules), "bot");
    EXPECT_EQ(login_of(attempt, {}), "somebody");
}

}  // namespace
}  // namespace coven::sim
