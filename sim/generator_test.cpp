#include "generator.hpp"

#include <set>

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

constexpr auto noon = Time(std::chrono::hours(500'000));

std::string line_of(const ChatMessage& message) {
    std::string line;
    append_line(line, message);
    return line;
}

std::vector<std::string> first_lines(std::uint64_t seed, std::size_t count) {
    Generator generator({"a", "b", "c"}, {.seed = seed, .people = 500});
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < count; ++i) lines.push_back(line_of(generator.next({0, 2}, noon)));
    return lines;
}

TEST(Composer, CountsSpansInCodePoints) {
    Composer composer;
    composer.add_emote("Kappa", "25");
    composer.add_word("😂");
    composer.add_emote("Kappa", "25");
    composer.add_emote("LUL", "425618");
    EXPECT_EQ(composer.text(), "Kappa 😂 Kappa LUL");
    EXPECT_EQ(composer.emotes(), "25:0-4,8-12/425618:14-16");
    EXPECT_EQ(composer.code_points(), 17u);
}

TEST(Generator, SaysTheSameForTheSameSeed) {
    EXPECT_EQ(first_lines(1, 300), first_lines(1, 300));
    EXPECT_NE(first_lines(1, 5), first_lines(2, 5));
}

TEST(Generator, SpeaksOnlyInTheGivenChannels) {
    for (const auto& line : first_lines(3, 200)) {
        EXPECT_EQ(line.find("PRIVMSG #b "), std::string::npos) << line;
    }
}

TEST(Generator, NeverUsesAnIdTwice) {
    Generator generator({"a"}, {});
    std::set<std::string> ids;
    for (int i = 0; i < 5000; ++i) ids.insert(generator.next({0}, noon).id);
    EXPECT_EQ(ids.size(), 5000u);
}

TEST(Generator, MakesEveryKindOfMessage) {
    std::string all;
    for (const auto& line : first_lines(1, 3000)) all += line + "\n";
    for (const char* trait : {"ACTION ",
                              "bits=100;",
                              "client-nonce=",
                              "color=;",
                              "color=#",
                              "custom-reward-id=",
                              "display-name=夜の猫;",
                              "emotes=;",
                              "emotes=25:",
                              "emotes=emotesv2_",
                              "first-msg=1;",
                              "msg-id=highlighted-message;",
                              "reply-parent-msg-id=",
                              "returning-chatter=1;",
                              "badges=subscriber/",
                              "badge-info=subscriber/",
                              "mod=1;",
                              ";vip=1 ",
                              "a;b",
                              "😂"}) {
        EXPECT_NE(all.find(trait), std::string::npos) << trait;
    }
}

TEST(Generator, StaysWithinTwitchsLengths) {
    Generator generator({"a"}, {.seed = 5, .people = 50});
    std::size_t longest = 0;
    for (int i = 0; i < 3000; ++i) {
        const auto& text = generator.next({0}, noon).text;
        std::size_t code_points = 0;
        for (const char c : text) code_points += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        longest = std::max(longest, code_points);
    }
    EXPECT_LE(longest, 500u);
    EXPECT_GE(longest, 440u);
}

TEST(NumberedChannels, HaveEqualLengthsUpToTenThousand) {
    EXPECT_EQ(numbered_channels(2), (std::vector<std::string>{"sim_0001", "sim_0002"}));
    EXPECT_EQ(numbered_channels(10'000).back(), "sim_10000");
}

TEST(Uuid, HasTheFormOfVersionFour) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 100; ++i) {
        const auto text = uuid_v4(random);
        ASSERT_EQ(text.size(), 36u);
        EXPECT_EQ(text[14], '4');
        EXPECT_NE(std::string_view("89ab").find(text[19]), std::string_view::npos);
    }
}

}  // namespace
}  // namespace coven::sim
