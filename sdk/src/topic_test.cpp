#include "coven/topic.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

TEST(Topic, IsDottedLowerCaseWords) {
    for (const char* text :
         {"a", "twitch.chat.xqc.message", "twitch.chat.-.whisper", "a_b.c-d.0"}) {
        const auto topic = Topic::parse(text);
        ASSERT_TRUE(topic.has_value()) << text;
        EXPECT_EQ(topic->text(), text);
    }
}

TEST(Topic, RefusesAnythingElseAndSaysWhy) {
    const struct {
        std::string text;
        std::string reason;
    } rows[] = {
        {"", "empty word"},
        {".chat", "empty word"},
        {"chat.", "empty word"},
        {"twitch..chat", "empty word"},
        {"Chat", "character"},
        {"chat room", "character"},
        {"twitch.*.xqc", "character"},
        {"twitch.>", "character"},
        {"~a.12", "character"},
        {"chät", "character"},
        {std::string("a\0b", 3), "character"},
        {std::string(65, 'a'), "more than 64 bytes"},
        {std::string(60, 'a') + "." + std::string(60, 'b') + "." + std::string(60, 'c') + "." +
             std::string(60, 'd'),
         "more than 200 bytes"},
    };
    for (const auto& row : rows) {
        const auto topic = Topic::parse(row.text);
        ASSERT_TRUE(topic.has_error()) << row.text;
        EXPECT_NE(topic.error().message.find(row.reason), std::string::npos)
            << topic.error().message;
    }
}

TEST(Topic, MayBeExactlyAsLongAsAllowed) {
    EXPECT_TRUE(Topic::parse(std::string(64, 'a')).has_value());
    const std::string word(49, 'a');
    const auto longest = word + "." + word + "." + word + "." + word + "a";
    ASSERT_EQ(longest.size(), max_topic_bytes);
    EXPECT_TRUE(Topic::parse(longest).has_value());
    EXPECT_TRUE(Topic::parse(longest + "a").has_error());
}

TEST(Pattern, MatchesWordsAndTails) {
    const struct {
        const char* pattern;
        const char* topic;
        bool matches;
    } rows[] = {
        {"twitch.chat.xqc.message", "twitch.chat.xqc.message", true},
        {"twitch.chat.xqc.message", "twitch.chat.xqc.messages", false},
        {"twitch.chat.xqc.message", "twitch.chat.xqc", false},
        {"twitch.chat.xqc.>", "twitch.chat.xqc.message", true},
        {"twitch.chat.xqc.>", "twitch.chat.xqc.a.b.c", true},
        {"twitch.chat.xqc.>", "twitch.chat.xqcow.message", false},
        {"twitch.chat.xqc.>", "twitch.chat.xqc", false},
        {"twitch.*.xqc.>", "twitch.heat.xqc.click", true},
        {"twitch.*.xqc.>", "twitch.heat.forsen.click", false},
        {"twitch.chat.*.message", "twitch.chat.xqc.message", true},
        {"twitch.chat.*.message", "twitch.chat.xqc.gap", false},
        {"twitch.chat.*", "twitch.chat", false},
        {"*", "twitch", true},
        {"*", "twitch.chat", false},
        {">", "bus.broker.main.tick", true},
        {">", "~h.twitch.chat.xqc.message", false},
        {"*.>", "~s.abc", false},
        {"twitch.eventsub.*.channel.follow", "twitch.eventsub.xqc.channel.follow", true},
    };
    for (const auto& row : rows) {
        const auto pattern = Pattern::parse(row.pattern);
        ASSERT_TRUE(pattern.has_value()) << row.pattern;
        EXPECT_EQ(pattern->matches(row.topic), row.matches) << row.pattern << " on " << row.topic;
    }
}

TEST(Pattern, SubscribesTheLongestLiteralPrefix) {
    const struct {
        const char* pattern;
        std::string prefix;
    } rows[] = {
        {"twitch.chat.xqc.>", "twitch.chat.xqc."},
        {"twitch.chat.*.message", "twitch.chat."},
        {"twitch.chat.xqc.message", std::string("twitch.chat.xqc.message\0", 24)},
        {"*.chat", ""},
        {">", ""},
    };
    for (const auto& row : rows) EXPECT_EQ(Pattern::parse(row.pattern)->prefix(), row.prefix);
}

TEST(Pattern, RefusesMalformedOnesAndSaysWhy) {
    const struct {
        const char* text;
        const char* reason;
    } rows[] = {
        {"", "empty word"},
        {"twitch..>", "empty word"},
        {"twitch.>.chat", "'>' before"},
        {"twitch.chat*", "character"},
        {"Twitch.>", "character"},
        {"twitch.chat.", "empty word"},
    };
    for (const auto& row : rows) {
        const auto pattern = Pattern::parse(row.text);
        ASSERT_TRUE(pattern.has_error()) << row.text;
        EXPECT_NE(pattern.error().message.find(row.reason), std::string::npos)
            << pattern.error().message;
    }
}

TEST(Pattern, LiteralsAreCheckedByTheCompiler) {
    const Pattern pattern = PatternLiteral("twitch.chat.xqc.>");
    EXPECT_EQ(pattern.text(), "twitch.chat.xqc.>");
}

}  // namespace
}  // namespace coven
