#include "verbs.hpp"

#include <gtest/gtest.h>

#include "garbage.hpp"

namespace coven::sim {
namespace {

TEST(Verbs, TakeTheirArgumentsInOrder) {
    const auto say = parse_command("say #xqc somebody hello  there").value();
    EXPECT_EQ(say.verb, "say");
    EXPECT_EQ(say.channel, "xqc");
    EXPECT_EQ(say.login, "somebody");
    EXPECT_EQ(say.text, "hello  there");
    const auto split = parse_command("split 7 #xqc").value();
    EXPECT_EQ(split.number, 7u);
    EXPECT_EQ(split.target.channel, "xqc");
    const auto slow = parse_command("slow-tls 20ms 16").value();
    EXPECT_EQ(slow.time, std::chrono::milliseconds(20));
    EXPECT_EQ(slow.number, 16u);
    EXPECT_TRUE(parse_command("cut")->target.is_all());
    EXPECT_EQ(parse_command("garbage utf8 2")->target.connection, 2u);
    EXPECT_EQ(parse_command("frame a\\r\\n:b\\1\\\\\\x")->text, "a\r\n:b\x01\\\\x");
    EXPECT_EQ(parse_command("refuse-logins 0 -")->number, 0u);
}

TEST(Verbs, SayWhatTheyMiss) {
    struct Row {
        const char* text;
        const char* message;
    };
    for (const auto& row :
         {Row{"", "no such verb: ''"}, Row{"GET / HTTP/1.1", "no such verb: 'GET'"},
          Row{"say", "'say' needs a channel"}, Row{"say #", "'say' needs a channel"},
          Row{"say a", "'say' needs a login"}, Row{"say a b", "'say' needs a text"},
          Row{"cut xqc", "'cut' needs a target: all, #channel or a connection's number"},
          Row{"cut 1 2", "'cut' does not take '2'"}, Row{"split x", "'split' needs a number"},
          Row{"pack 0", "'pack' needs a number above 0"},
          Row{"slow-tls 1ms 0", "'slow-tls' needs a number above 0"},
          Row{"shut soon",
              "'shut' needs a time: is no duration such as 550ms, 12s, 5m or 1h: 'soon'"},
          Row{"garbage x", "'garbage' needs a kind: binary, utf8, overlong, huge or lines"}}) {
        const auto command = parse_command(row.text);
        ASSERT_TRUE(command.has_error()) << row.text;
        EXPECT_EQ(command.error().message, row.message);
    }
}

TEST(Verbs, AreAllInTheHelp) {
    const auto help = verb_help();
    EXPECT_NE(help.find("\nhalf-open [TARGET]"), std::string::npos);
    EXPECT_NE(help.find("\nsay CHANNEL LOGIN TEXT"), std::string::npos);
}

TEST(Garbage, EndsItsLinesUnlessItIsHuge) {
    for (const char* kind : {"binary", "utf8", "overlong", "lines"}) {
        ASSERT_FALSE(garbage(kind).empty()) << kind;
        for (const auto& one : garbage(kind)) EXPECT_TRUE(one.bytes.ends_with("\r\n")) << kind;
    }
    EXPECT_EQ(garbage("huge").size(), 1u);
    EXPECT_TRUE(garbage("nonsense").empty());
}

}  // namespace
}  // namespace coven::sim
