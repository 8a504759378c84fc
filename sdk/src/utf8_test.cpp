#include "coven/utf8.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

TEST(Utf8, TakesCodePointsOfEveryLength) {
    std::string_view text = "aé€😂";
    for (const char32_t wanted : {U'a', U'é', U'€', U'😂'}) {
        const auto point = take_code_point(text);
        EXPECT_TRUE(point.valid);
        EXPECT_EQ(point.value, wanted);
    }
    EXPECT_TRUE(text.empty());
}

TEST(Utf8, CallsMalformedBytesInvalidOneByOne) {
    const std::string_view malformed[] = {
        "\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf5", "\xff",     "\xe2\x82", "\xf0\x9f\x98", "\xc3("};
    for (std::string_view text : malformed) {
        EXPECT_FALSE(is_utf8(text));
        const auto point = take_code_point(text);
        EXPECT_FALSE(point.valid);
        EXPECT_EQ(point.bytes.size(), 1u);
    }
}

TEST(Utf8, ReplacesWhatIsNoText) {
    EXPECT_EQ(to_utf8("a\xff"
                      "b€"),
              "a\xef\xbf\xbd"
              "b€");
    EXPECT_EQ(to_utf8(""), "");
    EXPECT_TRUE(is_utf8(to_utf8("\xe2\x82\xf0\x9f\x98")));
}

TEST(Utf8, KnowsWhatMustNotReachATerminal) {
    for (const char32_t point : {U'\0', U'\n', U'\x1b', U'\x7f', U'\x9b', U'\u2028', U'\u202e',
                                 U'\u2066', U'\u200b', U'\u061c', U'\ufeff', U'\U000e0001'}) {
        EXPECT_TRUE(is_unprintable(point)) << static_cast<std::uint32_t>(point);
    }
    for (const char32_t point : {U' ', U'~', U'é', U'\u200d', U'€', U'漢', U'😂'}) {
        EXPECT_FALSE(is_unprintable(point)) << static_cast<std::uint32_t>(point);
    }
}

}  // namespace
}  // namespace coven
