#include "text_spans.hpp"

#include <random>

#include <gtest/gtest.h>

namespace {

using twitch::v1::ChatMessage;

ChatMessage emotes_of(std::string_view text, std::string_view tag) {
    ChatMessage message;
    chat::TextSpans spans;
    spans.set_text(text);
    spans.read_emotes(tag, *message.mutable_emotes());
    return message;
}

ChatMessage gifs_of(std::string_view text, std::string_view tag) {
    ChatMessage message;
    chat::TextSpans spans;
    spans.set_text(text);
    spans.read_gifs(tag, *message.mutable_gifs());
    return message;
}

/// "id[first,end bytes first,end]…" for all emotes.
std::string shown(const ChatMessage& message) {
    std::string out;
    for (const auto& emote : message.emotes()) {
        out += emote.id();
        for (const auto& span : emote.spans()) {
            out += "[" + std::to_string(span.first_code_point()) + "," +
                   std::to_string(span.end_code_point()) + " " + std::to_string(span.first_byte()) +
                   "," + std::to_string(span.end_byte()) + "]";
        }
    }
    return out;
}

TEST(Emotes, HaveExclusiveEndsInCodePointsAndBytes) {
    EXPECT_EQ(shown(emotes_of("Kappa ok Kappa", "25:0-4,9-13")), "25[0,5 0,5][9,14 9,14]");
}

TEST(Emotes, CountCodePointsNotBytes) {
    // An emoji is one code point and four bytes.
    EXPECT_EQ(shown(emotes_of("Kappa 😂 Kappa", "25:0-4,8-12")), "25[0,5 0,5][8,13 11,16]");
    EXPECT_EQ(shown(emotes_of("é😂Ж", "x:0-0,1-1,2-2")), "x[0,1 0,2][1,2 2,6][2,3 6,8]");
}

TEST(Emotes, MayHaveAnyId) {
    EXPECT_EQ(shown(emotes_of("abc", "emotesv2_ab:0-0/25_SG:1-1/555555584:2-2")),
              "emotesv2_ab[0,1 0,1]25_SG[1,2 1,2]555555584[2,3 2,3]");
}

TEST(Emotes, EndWithTheTextAtTheLatest) {
    EXPECT_EQ(shown(emotes_of("abc", "1:1-9")), "1[1,3 1,3]");
    EXPECT_EQ(shown(emotes_of("abc", "1:0-99999999999999999999")), "1[0,3 0,3]");
}

TEST(Emotes, ThatMakeNoSenseAreSkipped) {
    for (const char* tag : {"", "25", "25:", "25:04", "25:4-0", "84608:9-10", "25:-", "25:0-",
                            "25:-4", "25:a-b", "25:0-4x", "25:+0-4", ":0-2", "/", "//", ":", ",",
                            "25:,", "25:99999999999999999999-99999999999999999999"}) {
        EXPECT_EQ(shown(emotes_of("1234567", tag)), "") << tag;
    }
    EXPECT_EQ(shown(emotes_of("", "25:0-4")), "");
    EXPECT_EQ(shown(emotes_of("1234567", "1:04/2:0-1,x,3-4/3:5-6")),
              "2[0,2 0,2][3,5 3,5]3[5,7 5,7]");
}

TEST(Gifs, HaveASpanAnIdAndAnAddress) {
    const auto message = gifs_of("[Yes GIF]", "0-8|joSN|https://media4.giphy.com/a.gif?cid=1&ct=g");
    ASSERT_EQ(message.gifs_size(), 1);
    EXPECT_EQ(message.gifs(0).span().end_byte(), 9u);
    EXPECT_EQ(message.gifs(0).id(), "joSN");
    EXPECT_EQ(message.gifs(0).url(), "https://media4.giphy.com/a.gif?cid=1&ct=g");
}

TEST(Gifs, MayHaveCommasAndBarsInTheirAddress) {
    const auto message = gifs_of("abcdef", "0-1|a|https://x/?a=1,2-3&b=4|5,3-4|b|https://y/");
    ASSERT_EQ(message.gifs_size(), 2);
    EXPECT_EQ(message.gifs(0).url(), "https://x/?a=1,2-3&b=4|5");
    EXPECT_EQ(message.gifs(1).id(), "b");
    EXPECT_EQ(message.gifs(1).span().first_code_point(), 3u);
}

TEST(Gifs, ThatMakeNoSenseAreSkipped) {
    for (const char* tag : {"", ",", "|", "||", "0|a|b", "9-10|a|b", "x-y|a|b", "4-0|a|b"}) {
        EXPECT_EQ(gifs_of("1234567", tag).gifs_size(), 0) << tag;
    }
    EXPECT_EQ(gifs_of("1234567", "nonsense,0-1|a|b").gifs_size(), 1);
    EXPECT_EQ(gifs_of("1234567", "0-1").gifs(0).id(), "");
}

/// Each span of `message` lies in a text of `bytes` bytes and 4 code points.
void expect_inside(const ChatMessage& message, std::size_t bytes) {
    for (const auto& emote : message.emotes()) {
        for (const auto& span : emote.spans()) {
            EXPECT_LT(span.first_byte(), span.end_byte());
            EXPECT_LE(span.end_byte(), bytes);
            EXPECT_LE(span.end_code_point(), 4u);
        }
    }
}

TEST(TextSpans, StayInsideOfAnyText) {
    std::minstd_rand random(1);
    chat::TextSpans spans;
    const std::string text = "aé😂b";
    constexpr std::string_view alphabet = "0123456789-,/:|ab";
    for (int i = 0; i < 100000; ++i) {
        std::string tag(random() % 24, ' ');
        for (auto& c : tag) c = alphabet[random() % alphabet.size()];
        ChatMessage message;
        spans.set_text(text);
        spans.read_emotes(tag, *message.mutable_emotes());
        spans.read_gifs(tag, *message.mutable_gifs());
        expect_inside(message, text.size());
        ASSERT_FALSE(HasFailure()) << tag;
    }
}

}  // namespace
