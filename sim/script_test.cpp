#include "script.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

TEST(Script, IsPausesVerbsAndArguments) {
    const auto steps = parse_script(
        "# a comment\n"
        "\n"
        "0s wait forsen\n"
        "500ms say forsen somebody hello  there\n"
        "2s frame PING :a\\r\\n:b\\1\\\\\\x\n"
        "1m cut");
    ASSERT_TRUE(steps.has_value()) << steps.error().message;
    ASSERT_EQ(steps->size(), 4u);
    EXPECT_EQ((*steps)[0].channel, "forsen");
    EXPECT_EQ((*steps)[0].play, nullptr);
    EXPECT_EQ((*steps)[1].pause, std::chrono::milliseconds(500));
    EXPECT_EQ((*steps)[1].login, "somebody");
    EXPECT_EQ((*steps)[1].text, "hello  there");
    EXPECT_EQ((*steps)[2].text, "PING :a\r\n:b\x01\\\\x");
    EXPECT_EQ((*steps)[3].pause, std::chrono::minutes(1));
}

TEST(Script, SaysInWhichLineWhatIsWrong) {
    struct Row {
        const char* text;
        const char* message;
    };
    for (const auto& row :
         {Row{"0s cut\n0s sya a b c", "line 2 of the script: no such verb: 'sya'"},
          Row{"0s say", "line 1 of the script: 'say' needs a channel"},
          Row{"0s say a", "line 1 of the script: 'say' needs a login"},
          Row{"0s say a b", "line 1 of the script: 'say' needs a text"},
          Row{"0s raw", "line 1 of the script: 'raw' needs a text"},
          Row{"0s suspend", "line 1 of the script: 'suspend' needs a channel"}}) {
        const auto steps = parse_script(row.text);
        ASSERT_TRUE(steps.has_error()) << row.text;
        EXPECT_EQ(steps.error().message, row.message);
    }
    const auto steps = parse_script("soon cut");
    ASSERT_TRUE(steps.has_error());
    EXPECT_TRUE(steps.error().message.starts_with("line 1 of the script: "));
}

}  // namespace
}  // namespace coven::sim
