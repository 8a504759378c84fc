#include "irc_line.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace {

using chat::IrcLine;
using chat::IrcTags;

std::vector<std::string> words(const IrcLine& line) {
    return {line.parameters().begin(), line.parameters().end()};
}

using Words = std::vector<std::string>;

TEST(IrcLine, TakesALineApart) {
    const auto line =
        IrcLine::parse("@id=1;color=#FF0000 :ann!ann@ann.tmi.twitch.tv PRIVMSG #bob :hello : you")
            .value();
    EXPECT_EQ(line.tags().find("id"), "1");
    EXPECT_EQ(line.tags().find("color"), "#FF0000");
    EXPECT_EQ(line.prefix(), "ann!ann@ann.tmi.twitch.tv");
    EXPECT_EQ(line.nick(), "ann");
    EXPECT_EQ(line.command(), "PRIVMSG");
    EXPECT_EQ(words(line), (Words{"#bob", "hello : you"}));
}

TEST(IrcLine, NeedsOnlyACommand) {
    const auto line = IrcLine::parse("RECONNECT").value();
    EXPECT_TRUE(line.tags().empty());
    EXPECT_EQ(line.prefix(), "");
    EXPECT_EQ(line.nick(), "");
    EXPECT_EQ(line.command(), "RECONNECT");
    EXPECT_TRUE(line.parameters().empty());
    EXPECT_EQ(line.parameter(0), "");
    EXPECT_EQ(line.rest_from(0), "");
}

TEST(IrcLine, RefusesALineWithoutACommand) {
    for (const char* text : {"", " ", "@", "@a=b", "@a=b ", ":prefix", "@a=b :prefix ", ": "}) {
        const auto line = IrcLine::parse(text);
        ASSERT_TRUE(line.has_error()) << text;
        EXPECT_EQ(line.error().message, "line has no command");
    }
}

TEST(IrcLine, KeepsAnEmptyLastParameter) {
    EXPECT_EQ(words(IrcLine::parse("PRIVMSG #bob :").value()), (Words{"#bob", ""}));
    EXPECT_EQ(words(IrcLine::parse("PRIVMSG #bob ").value()), (Words{"#bob"}));
}

TEST(IrcLine, ToleratesSeveralSpaces) {
    const auto line = IrcLine::parse("@a=b   :p   CMD   one   two   :a  b ").value();
    EXPECT_EQ(line.tags().find("a"), "b");
    EXPECT_EQ(line.prefix(), "p");
    EXPECT_EQ(words(line), (Words{"one", "two", "a  b "}));
}

TEST(IrcLine, ReadsALastParameterWithoutColon) {
    EXPECT_EQ(words(IrcLine::parse("CLEARCHAT #ch nerixyz").value()), (Words{"#ch", "nerixyz"}));
}

TEST(IrcLine, GivesTheRestOfALine) {
    const auto line = IrcLine::parse("PRIVMSG #ch two  words :and more").value();
    EXPECT_EQ(line.rest_from(1), "two  words :and more");
    EXPECT_EQ(IrcLine::parse("PRIVMSG #ch :text").value().rest_from(1), "text");
}

TEST(IrcLine, PutsTheRestIntoTheFifteenthParameter) {
    std::string text = "CMD";
    for (int i = 1; i <= 20; ++i) text += " " + std::to_string(i);
    const auto line = IrcLine::parse(text).value();
    ASSERT_EQ(line.parameters().size(), 15u);
    EXPECT_EQ(line.parameter(13), "14");
    EXPECT_EQ(line.parameter(14), "15 16 17 18 19 20");
}

TEST(IrcTags, SplitAtTheFirstEqualsSign) {
    const IrcTags tags("gifs=0-3|x|https://a/b?c=d&e=f;id=1");
    EXPECT_EQ(tags.find("gifs"), "0-3|x|https://a/b?c=d&e=f");
    EXPECT_EQ(tags.find("id"), "1");
}

TEST(IrcTags, TreatAMissingValueAsEmpty) {
    const IrcTags tags("a;b=;c=1");
    std::vector<std::string> seen;
    for (const auto& tag : tags)
        seen.push_back(std::string(tag.name) + "<" + std::string(tag.value) + ">");
    EXPECT_EQ(seen, (Words{"a<>", "b<>", "c<1>"}));
    EXPECT_EQ(tags.find("z"), "");
}

TEST(IrcTags, PassOverTagsWithoutAName) {
    for (const char* text : {"", ";", ";;;", "=", "=x", "=x;=y;"}) {
        EXPECT_TRUE(IrcTags(text).empty()) << text;
    }
    EXPECT_EQ(IrcTags(";;=x;a=1;;").find("a"), "1");
    EXPECT_EQ(IrcTags("=x;a=1").find("a"), "1");
}

TEST(IrcTags, LetTheLastOfANameCount) { EXPECT_EQ(IrcTags("a=1;b=2;a=3").find("a"), "3"); }

TEST(Unescape, KnowsEveryEscape) {
    std::string scratch;
    struct Row {
        const char* value;
        const char* text;
    };
    for (const auto& [value, text] : std::vector<Row>{
             {"plain", "plain"},
             {"", ""},
             {"\\:\\s\\\\\\r\\n", "; \\\r\n"},
             {"a\\sb\\sc", "a b c"},
             {"\\b\\x", "bx"},
             {"lone\\", "lone"},
             {"\\", ""},
             {"\\\\", "\\"},
             {"\\\\s", "\\s"},
             {"a\\\\\\", "a\\"},
         }) {
        EXPECT_EQ(chat::unescape(value, scratch), text) << value;
    }
}

TEST(Unescape, HandsOutAValueWithoutEscapesAsItIs) {
    std::string scratch = "untouched";
    const std::string_view value = "plain";
    EXPECT_EQ(chat::unescape(value, scratch).data(), value.data());
    EXPECT_EQ(scratch, "untouched");
}

/// Noise made of the characters that mean something to the grammar.
std::string noise(std::minstd_rand& random) {
    constexpr std::string_view alphabet = "@:;=\\ !#ab\x01\r\n\xc3\xff";
    std::string text(random() % 40, ' ');
    for (auto& c : text) c = alphabet[random() % alphabet.size()];
    return text;
}

TEST(IrcLine, StaysInsideOfAnyInput) {
    std::minstd_rand random(1);
    std::string scratch;
    for (int i = 0; i < 100000; ++i) {
        // Exactly as large as the text, so that a sanitizer sees a read past its end.
        const auto text = noise(random);
        const std::vector<char> exact(text.begin(), text.end());
        const std::string_view view(exact.data(), exact.size());
        const auto line = IrcLine::parse(view);
        if (!line) continue;
        ASSERT_FALSE(line->command().empty());
        ASSERT_LE(line->rest_from(0).size(), view.size());
        for (const auto& tag : line->tags()) {
            ASSERT_LE(chat::unescape(tag, scratch).size(), tag.value.size());
        }
    }
}

TEST(IrcLine, TakesALineOfAnyLength) {
    const std::string huge(200000, 'x');
    const auto text = "@a=" + huge + ";b=1 PRIVMSG #ch :" + huge;
    const auto line = IrcLine::parse(text).value();
    EXPECT_EQ(line.tags().find("a"), huge);
    EXPECT_EQ(line.tags().find("b"), "1");
    EXPECT_EQ(line.parameter(1), huge);
}

}  // namespace
