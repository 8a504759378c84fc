#include "channel_login.hpp"

#include <gtest/gtest.h>

namespace {

using chat::parse_channel_login;
using chat::parse_channel_logins;

TEST(ChannelLogin, ToleratesHashUpperCaseAndSpaces) {
    for (const char* text : {"xqc", "#xqc", "XQC", " #XqC "}) {
        EXPECT_EQ(parse_channel_login(text).value(), "xqc") << text;
    }
    EXPECT_EQ(parse_channel_login("a_1").value(), "a_1");
    EXPECT_EQ(parse_channel_login(std::string(25, 'z')).value(), std::string(25, 'z'));
}

TEST(ChannelLogin, RefusesWhatIsNoLogin) {
    for (const std::string& text :
         {std::string(), std::string(" "), std::string("#"), std::string("##x"), std::string("a b"),
          std::string("a-b"), std::string("a.b"), std::string("é"), std::string(26, 'a')}) {
        const auto login = parse_channel_login(text);
        ASSERT_TRUE(login.has_error()) << text;
        EXPECT_EQ(login.error().message,
                  "channel is not a Twitch login (1 to 25 of a-z, 0-9 and '_'): '" + text + "'");
    }
}

TEST(ChannelLogin, ReadsAListAndNamesAllThatAreWrong) {
    EXPECT_EQ(parse_channel_logins({"b", "#A", "B", "a"}).value(),
              (std::vector<std::string>{"b", "a"}));
    EXPECT_TRUE(parse_channel_logins({}).value().empty());
    const auto fault = parse_channel_logins({"ok", "not ok", "b", "é"}).error().message;
    EXPECT_TRUE(fault.ends_with(": 'not ok', 'é'")) << fault;
}

}  // namespace
