#include "target.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

TEST(Target, IsWrittenAsItIsRead) {
    for (const char* text : {"all", "#xqc", "3"}) {
        const auto target = parse_target(text);
        ASSERT_TRUE(target) << text;
        EXPECT_EQ(target->text(), text);
    }
    EXPECT_TRUE(parse_target("all")->is_all());
    EXPECT_EQ(parse_target("#xqc")->channel, "xqc");
    EXPECT_EQ(parse_target("3")->connection, 3u);
}

TEST(Target, IsNothingElse) {
    for (const char* text : {"", "xqc", "#", "0", "-1", "3x", "99999999999999999999999"}) {
        EXPECT_FALSE(parse_target(text)) << text;
    }
}

}  // namespace
}  // namespace coven::sim
