#include "name.hpp"

#include <gtest/gtest.h>

namespace users {
namespace {

TEST(Name, IdsAreNumbers) {
    EXPECT_EQ(parse_id("71092938")->text, "71092938");
    for (const char* text : {"", "xqc", "-1", "1 2", "123456789012345678901"}) {
        EXPECT_TRUE(parse_id(text).has_error()) << text;
    }
}

TEST(Name, LoginsAreLowered) {
    EXPECT_EQ(parse_login("xQc_9")->text, "xqc_9");
    EXPECT_EQ(parse_login(std::string(25, 'a'))->text.size(), 25u);
    for (const auto& text : {std::string(), std::string("a b"), std::string("ä"),
                             std::string("a-b"), std::string(26, 'a'), std::string("a\0", 2)}) {
        EXPECT_TRUE(parse_login(text).has_error()) << text;
    }
}

TEST(Name, ErrorsSayWhatWasExpectedAndNotMuchOfWhatCame) {
    EXPECT_EQ(parse_id("x").error().message,
              "no id of a user: 'x'; ids are numbers of at most 20 digits");
    EXPECT_LT(parse_login(std::string(100'000, 'x')).error().message.size(), 200u);
}

}  // namespace
}  // namespace users
