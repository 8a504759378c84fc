#include "coven/given_token.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

using std::chrono::hours;

TEST(GivenToken, IsFoundInWhatPeopleHave) {
    for (const char* text :
         {"abc123", " abc123\n", "oauth:abc123", "OAuth:abc123\r\n", "OAuth abc123",
          "Bearer abc123", "https://localhost/#access_token=abc123&scope=chat%3Aread&state=x",
          "http://localhost:3000/#state=x&access_token=abc123", "#access_token=abc123",
          "access_token=abc123"}) {
        const auto token = token_in(text);
        ASSERT_TRUE(token) << text << ": " << token.error().message;
        EXPECT_EQ(token->reveal(), "abc123") << text;
    }
}

TEST(GivenToken, IsNotGuessed) {
    for (const char* text :
         {"", "  \n", "oauth:", "canary canary", "canary/canary", "https://localhost/?code=canary",
          "https://localhost/#access_token=", "<canary>"}) {
        const auto token = token_in(text);
        ASSERT_TRUE(token.has_error()) << text;
        EXPECT_EQ(token.error().message.find("canary"), std::string::npos);
    }
    EXPECT_TRUE(token_in(std::string(513, 'a')).has_error());
}

TEST(GivenToken, SaysThatItWasNotAllowed) {
    const auto token = token_in("https://localhost/?error=access_denied&error_description=x");
    ASSERT_TRUE(token.has_error());
    EXPECT_NE(token.error().message.find("not allowed"), std::string::npos);
}

TEST(GivenToken, IsStoredWithWhatTwitchSaysOfIt) {
    const Time now{hours(1000)};
    Validation validation;
    validation.login = "ann";
    validation.user_id = "7";
    validation.client_id = "c";
    validation.scopes = {"chat:read"};
    validation.expires_in = hours(4);
    TokenPair pair;
    pair.access = Secret("a");
    pair.refresh = Secret("r");
    const auto token = token_to_store(pair, validation, now);
    EXPECT_EQ(token.login, "ann");
    EXPECT_EQ(token.access.reveal(), "a");
    EXPECT_EQ(token.refresh.reveal(), "r");
    EXPECT_EQ(token.scopes, validation.scopes);
    EXPECT_EQ(token.expires_at, now + hours(4));
    EXPECT_EQ(token.validated_at, now);
    validation.expires_in = {};
    EXPECT_EQ(token_to_store(pair, validation, now).expires_at, Time::max());
}

}  // namespace
}  // namespace coven
