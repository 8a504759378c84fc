#include "login_check.hpp"

#include <gtest/gtest.h>

#include "coven_testing/moved_clock.hpp"

namespace coven::sim {
namespace {

class LoginCheck : public ::testing::Test {
  protected:
    LoginCheck() { rules_.strangers = Strangers::refused; }

    Login check(const std::string& password, const std::string& nick) const {
        return check_login({.password = password, .nick = nick}, rules_, &accounts_, users_);
    }

    testing::MovedClock clock_;
    Users users_;
    Accounts accounts_{{}, users_, clock_};
    ChatRules rules_;
};

TEST_F(LoginCheck, NeedsNoPasswordWhenAnonymous) {
    for (const char* password : {"", "SCHMOOPIIE", "oauth:59301"}) {
        const auto login = check(password, "justinfan7");
        EXPECT_EQ(login.fault, nullptr);
        EXPECT_EQ(login.login, "justinfan7");
        EXPECT_FALSE(login.may_send);
    }
}

TEST_F(LoginCheck, RefusesWithTwitchsWords) {
    const auto right = "oauth:" + accounts_.issue("bot", {"chat:read"}).access;
    const auto mute = "oauth:" + accounts_.issue("bot", {"chat:edit"}).access;
    const auto app = accounts_.issue_to_application(*accounts_.application("simconfidential"));
    struct Row {
        std::string password;
        const char* nick;
        const char* fault;
    };
    for (const auto& row : {Row{right, "", "Invalid NICK"}, Row{right, "b o t", "Invalid NICK"},
                            Row{"right", "bot", "Improperly formatted auth"},
                            Row{"", "bot", "Improperly formatted auth"},
                            Row{"oauth:", "bot", "Improperly formatted auth"},
                            Row{"OAUTH:x", "bot", "Improperly formatted auth"},
                            Row{"oauth:wrong", "bot", "Login authentication failed"},
                            Row{mute, "bot", "Login authentication failed"},
                            Row{"oauth:" + app.access, "bot", "Login authentication failed"}}) {
        const auto* const fault = check(row.password, row.nick).fault;
        ASSERT_NE(fault, nullptr) << row.password;
        EXPECT_STREQ(fault, row.fault);
    }
    EXPECT_EQ(check(right, "bot").fault, nullptr);
    users_.meet("bot").is_suspended = true;
    EXPECT_STREQ(check(right, "bot").fault, "Login authentication failed");
    users_.meet("bot").is_suspended = false;
    accounts_.expire("bot");
    EXPECT_STREQ(check(right, "bot").fault, "Login authentication failed");
}

TEST_F(LoginCheck, BelievesTheTokenRatherThanTheNick) {
    const auto token = accounts_.issue("bot", {"chat:edit", "chat:read"}).access;
    const auto login = check("oauth:" + token, "somebody");
    EXPECT_EQ(login.login, "bot");
    EXPECT_TRUE(login.may_send);
    const auto reader = accounts_.issue("bot", {"chat:read"}).access;
    EXPECT_FALSE(check("oauth:" + reader, "bot").may_send);
}

TEST_F(LoginCheck, LetsStrangersInWhenToldTo) {
    rules_.strangers = Strangers::welcome;
    const auto login = check("oauth:anything", "somebody");
    EXPECT_EQ(login.fault, nullptr);
    EXPECT_EQ(login.login, "somebody");
    EXPECT_TRUE(login.may_send);
}

}  // namespace
}  // namespace coven::sim
