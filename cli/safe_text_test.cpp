#include "safe_text.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using Row = std::pair<std::string, std::string>;

TEST(SafeText, LeavesWhatPeopleWriteAlone) {
    for (const char* text : {"", "hello", "¯\\_(ツ)_/¯", "테스트계정420", "Привет", "مرحبا", "שלום",
                             "👩‍👩‍👧‍👦", "❤️", "é", "می‌خواهم",
                             "สวัสดีครับ", "\\u{1b} as text"}) {
        EXPECT_EQ(safe_text(text), text);
    }
}

TEST(SafeText, ShowsWhatCouldMoveTheCursorOrForgeALine) {
    const std::vector<Row> rows = {
        {"\x1b[2J\x1b[1;1H", "\\u{1b}[2J\\u{1b}[1;1H"},
        {"\x1b]0;title\x07", "\\u{1b}]0;title\\u{7}"},
        {"\x1b]52;c;cm0gLXJm\x1b\\", "\\u{1b}]52;c;cm0gLXJm\\u{1b}\\"},
        {"a\r\nb\tc\bd\x7f", "a\\u{d}\\u{a}b\\u{9}c\\u{8}d\\u{7f}"},
        {std::string("a\0b", 3), "a\\u{0}b"},
        {"\xc2\x9b"
         "31m",
         "\\u{9b}31m"},
        {"\xc2\x85", "\\u{85}"},
        {"a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"},
        {"\u202egnp.exe", "\\u{202e}gnp.exe"},
        {"\u2066a\u2069\u200f\u061c", "\\u{2066}a\\u{2069}\\u{200f}\\u{61c}"},
        {"mod\u200berator\ufeff", "mod\\u{200b}erator\\u{feff}"},
        {"mod\u00aderator", "mod\\u{ad}erator"},
        {"hi \U000e0041\U0001d173", "hi \\u{e0041}\\u{1d173}"},
        {"\ufff9x\ufffay\ufffb", "\\u{fff9}x\\u{fffa}y\\u{fffb}"},
    };
    for (const auto& [text, shown] : rows) EXPECT_EQ(safe_text(text), shown);
}

TEST(SafeText, ShowsBytesThatAreNoUtf8) {
    const std::vector<Row> rows = {
        {"\x9b"
         "31m",
         "\\x9b31m"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"caf\xe9", "caf\\xe9"},
        {"\xc0\xaf", "\\xc0\\xaf"},                    // overlong '/'
        {"\xe0\x80\x9b", "\\xe0\\x80\\x9b"},           // overlong C1
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // surrogate
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
        {"\xe2\x80", "\\xe2\\x80"},                    // cut short
        {"\xe2\x80\x1b[0m", "\\xe2\\x80\\u{1b}[0m"},
    };
    for (const auto& [text, shown] : rows) EXPECT_EQ(safe_text(text), shown);
}

TEST(SafeText, CapsATowerOfMarks) {
    std::string tower = "a";
    for (int i = 0; i < 30; ++i) tower += "\u0301";
    std::string shown = "a";
    for (int i = 0; i < max_marks; ++i) shown += "\u0301";
    EXPECT_EQ(safe_text(tower), shown + "\\{+22 marks}");
    EXPECT_EQ(safe_text(tower + "b"), shown + "\\{+22 marks}b");
}

TEST(SafeText, NeverLetsAControlByteThroughWhateverTheInput) {
    std::minstd_rand random(7);
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (int i = 0; i < 24; ++i) text += static_cast<char>(random() >> 7);
        const std::string safe = safe_text(text);
        EXPECT_EQ(safe_text(safe), safe);
        for (const char c : safe) {
            ASSERT_FALSE((c >= 0 && c < 0x20) || c == 0x7f) << "round " << round;
        }
    }
}

TEST(SafeJson, EscapesWithoutChangingTheMeaning) {
    const std::vector<Row> rows = {
        {R"({"text":"hello"})", R"({"text":"hello"})"},
        {"{\"text\":\"\u202ea\u2028\"}", R"({"text":"\u202ea\u2028"})"},
        {"{\"text\":\"\xc2\x9b\"}", R"({"text":"\u009b"})"},
        {"{\"text\":\"\U000e0041\"}", R"({"text":"\udb40\udc41"})"},
        {"{\"text\":\"é \xff\"}", R"({"text":"é \ufffd"})"},
    };
    for (const auto& [json, safe] : rows) EXPECT_EQ(safe_json(json), safe);
}

}  // namespace
}  // namespace coven::cli
