#include "send/text.hpp"

#include <random>

#include <gtest/gtest.h>

#include "coven/utf8.hpp"
#include "send/hostile_text_for_test.hpp"

namespace chat {
namespace {

using namespace std::string_literals;

std::string code_of(const std::string& text) {
    const auto fault = line_fault(text);
    return fault ? fault->code : "fine";
}

std::string repeated(const std::string& piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += piece;
    return text;
}

TEST(SendText, TakesWhatPeopleWrite) {
    for (const char* text : {"hello", "o/", " /me with a blank in front", "a.b", "äöü ✓ 日本語",
                             "😂😂", "a\u200db", "...no"}) {
        const bool dotted = text[0] == '.';
        EXPECT_EQ(code_of(text), dotted ? "text_is_command" : "fine") << text;
    }
}

TEST(SendText, CountsCodePointsAndNotBytes) {
    EXPECT_EQ(code_of(repeated("😂", 500)), "fine");
    EXPECT_EQ(code_of(repeated("😂", 501)), "text_too_long");
    EXPECT_EQ(code_of(repeated("a", 501)), "text_too_long");
    EXPECT_EQ(line_fault(repeated("é", 501))->message,
              "the text has 501 code points, Twitch takes 500");
}

TEST(SendText, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(code_of(""), "text_empty");
    EXPECT_EQ(code_of("   "), "text_empty");
    EXPECT_EQ(code_of("/ban somebody"), "text_is_command");
    EXPECT_EQ(code_of("."), "text_is_command");
    EXPECT_EQ(line_fault("a\rb")->message, "the text has CR (U+000D) at code point 2");
    EXPECT_EQ(line_fault("äb\nPRIVMSG #x :y")->message, "the text has LF (U+000A) at code point 3");
    EXPECT_EQ(line_fault("\0"s)->message, "the text has NUL (U+0000) at code point 1");
    EXPECT_EQ(line_fault("\x01"
                         "ACTION x\x01")
                  ->code,
              "text_control");
    EXPECT_EQ(line_fault("a\u0085")->message,
              "the text has a control character (U+0085) at code point 2");
    EXPECT_EQ(line_fault("a\xff")->message, "the text is not valid UTF-8 at code point 2");
    EXPECT_EQ(line_fault("\xc0\xaf")->code, "text_not_utf8");
}

TEST(SendText, KnowsIdsOfMessages) {
    EXPECT_FALSE(message_id_fault("44f85d39-b5fb-475d-8555-f4244f2f7e82", "reply_to"));
    for (const auto& id : {""s, "a b"s, "a;b"s, "a\r\nQUIT"s, std::string(101, 'a'), "é"s}) {
        EXPECT_EQ(message_id_fault(id, "reply_to")->code, "message_id_malformed") << id;
    }
}

TEST(SendText, LetsNoneOfAThousandHostileTextsBecomeASecondLine) {
    std::mt19937 random(1);
    int fine = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto text = hostile_text(random);
        if (line_fault(text)) continue;
        ++fine;
        EXPECT_TRUE(coven::is_utf8(text));
        EXPECT_EQ(text.find_first_of("\r\n\0\x01\x1b"s), std::string::npos);
        EXPECT_NE(text.front(), '/');
    }
    EXPECT_GT(fine, 50);
}

}  // namespace
}  // namespace chat
