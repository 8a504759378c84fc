#include "scale.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

std::string fault_of(std::string_view text) {
    const auto scale = parse_scale(text);
    return scale.has_error() ? scale.error().message : "none";
}

TEST(Scale, IsReadFromWordsOfTheCommandLine) {
    EXPECT_EQ(*parse_scale("chat=2, mine=0"), (Scale{{"chat", 2}, {"mine", 0}}));
    EXPECT_TRUE(parse_scale("")->empty());
}

TEST(Scale, SaysWhatIsWrong) {
    for (const char* text : {"chat", "chat=", "=2", "chat=two", "chat=-1", "chat=1x"}) {
        EXPECT_EQ(fault_of(text),
                  std::string("--scale is no KIND=NUMBER such as chat=2: '") + text + "'");
    }
    EXPECT_EQ(fault_of("chat=101"), "--scale is at most 100: 'chat=101'");
    EXPECT_EQ(fault_of("chat=1,chat=2"), "--scale names 'chat' twice");
}

}  // namespace
}  // namespace coven::cli
