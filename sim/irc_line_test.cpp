#include "irc_line.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

using Params = std::vector<std::string_view>;

TEST(ClientLine, IsSplitIntoTagsCommandAndParameters) {
    const auto line = parse_client_line("@client-nonce=abc;x=y :who PRIVMSG  #xqc :hello there :)");
    EXPECT_EQ(line.tags, "client-nonce=abc;x=y");
    EXPECT_EQ(line.command, "PRIVMSG");
    EXPECT_EQ(line.params, (Params{"#xqc", "hello there :)"}));
}

TEST(ClientLine, OfAnyBytesIsNoError) {
    for (const char* text :
         {"", " ", "@", ":", "@a", ":a ", "@ : ", "\xFF\xFE", "JOIN", "JOIN :"}) {
        parse_client_line(text);
    }
    EXPECT_EQ(parse_client_line("").command, "");
    EXPECT_EQ(parse_client_line("PING").param(3), "");
}

TEST(TagValue, IsFoundByItsWholeKey) {
    EXPECT_EQ(tag_value("a=1;client-nonce=x=y;b", "client-nonce"), "x=y");
    EXPECT_EQ(tag_value("a=1;b", "b"), "");
    EXPECT_EQ(tag_value("client-nonce=1", "nonce"), "");
}

TEST(EscapedTag, HasNoByteThatEndsATag) {
    EXPECT_EQ(escape_tag("a; b\\c\r\n"), "a\\:\\sb\\\\c\\r\\n");
}

TEST(ServerLine, IsSeenWithoutTagsByWhoHasNotAskedForThem) {
    const ServerLine line("@id=1 :a!a@a.tmi.twitch.tv PRIVMSG #xqc :hi");
    EXPECT_EQ(line.seen_with({}), ":a!a@a.tmi.twitch.tv PRIVMSG #xqc :hi");
    EXPECT_EQ(line.seen_with({.tags = true}), line.whole());
    EXPECT_EQ(line.channel(), "xqc");
}

TEST(ServerLine, OfTwitchsOwnIsSeenOnlyByWhoHasAskedForThem) {
    for (const char* text : {"@a=b :tmi.twitch.tv ROOMSTATE #xqc", ":tmi.twitch.tv RECONNECT",
                             ":tmi.twitch.tv USERNOTICE #xqc", ":tmi.twitch.tv CLEARCHAT #xqc"}) {
        const ServerLine line(text);
        EXPECT_EQ(line.seen_with({.tags = true}), "") << text;
        EXPECT_NE(line.seen_with({.commands = true}), "") << text;
    }
}

TEST(ServerLine, MayNameNoChannel) {
    EXPECT_EQ(ServerLine("PING :tmi.twitch.tv").channel(), "");
    EXPECT_EQ(ServerLine(":tmi.twitch.tv NOTICE * :#not a channel").channel(), "");
    EXPECT_EQ(ServerLine(":x 353 x = #xqc :x").channel(), "xqc");
}

}  // namespace
}  // namespace coven::sim
