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

TEST(Verbs, OfTheHttpServersTakeTheirArguments) {
    const auto fail = parse_command("http-fail helix 503 2 {\"a\": 1}").value();
    EXPECT_EQ(fail.host, ApiHost::helix);
    EXPECT_EQ(fail.status, 503u);
    EXPECT_EQ(fail.number, 2u);
    EXPECT_EQ(fail.text, "{\"a\": 1}");
    EXPECT_EQ(parse_command("http-slow id 2s 0")->time, std::chrono::seconds(2));
    EXPECT_EQ(parse_command("http-limit bare 1")->limit, HelixApi::Limit::bare);
    EXPECT_EQ(parse_command("token coven_bot chat:read chat:edit")->text, "chat:read chat:edit");
    EXPECT_EQ(parse_command("token coven_bot")->text, "");
    EXPECT_EQ(parse_command("rename a b")->text, "b");
}

TEST(Verbs, SayWhatTheyMiss) {
    struct Row {
        const char* text;
        const char* message;
    };
    for (const auto& row :
         {Row{"", "no such verb: ''"},
          Row{"GET / HTTP/1.1", "no such verb: 'GET'"},
          Row{"say", "'say' needs a channel"},
          Row{"say #", "'say' needs a channel"},
          Row{"say a", "'say' needs a login"},
          Row{"say a b", "'say' needs a text"},
          Row{"cut xqc", "'cut' needs a target: all, #channel or a connection's number"},
          Row{"cut 1 2", "'cut' does not take '2'"},
          Row{"split x", "'split' needs a number"},
          Row{"pack 0", "'pack' needs a number above 0"},
          Row{"slow-tls 1ms 0", "'slow-tls' needs a number above 0"},
          Row{"shut soon",
              "'shut' needs a time: is no duration such as 550ms, 12s, 5m or 1h: 'soon'"},
          Row{"http-fail x", "'http-fail' needs a host: id or helix"},
          Row{"http-fail id 199", "'http-fail' needs a status from 200 to 599"},
          Row{"http-fail id 500 x", "'http-fail' needs a number"},
          Row{"http-limit all", "'http-limit' needs a limit: bucket, endpoint or bare"},
          Row{"approve", "'approve' needs a user code"},
          Row{"expire Bot", "'expire' needs a login: 1 to 25 of a-z, 0-9 and '_'"},
          Row{"rename a B", "'rename' needs a new login: 1 to 25 of a-z, 0-9 and '_'"},
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
    EXPECT_NE(help.find("\nhttp-fail HOST STATUS NUMBER [BODY]"), std::string::npos);
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
