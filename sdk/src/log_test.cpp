#include <gtest/gtest.h>

#include "log_text.hpp"

namespace coven::log {
namespace {

TEST(HumanLine, QuotesOnlyWhatNeedsIt) {
    EXPECT_EQ(human_line("10:30:54.123", Level::info, "chat-1", "connected",
                         {{"session", "AgoQ"}, {"keepalive_s", 10}, {"url", "wss://a b"}}),
              "10:30:54.123 info  chat-1 connected session=AgoQ keepalive_s=10 url=\"wss://a b\"");
}

TEST(JsonLine, IsOneObject) {
    EXPECT_EQ(json_line("2026-11-22T09:20:59.981Z", Level::warn, "chat-1", "dropped",
                        {{"reason", "it said \"no\"\n"}, {"count", 3}}),
              R"({"time":"2026-11-22T09:20:59.981Z","level":"warn","program":"chat-1",)"
              R"("event":"dropped","reason":"it said \"no\"\n","count":"3"})");
}

TEST(LogLine, CannotBeForgedByAValue) {
    const std::string hostile = "x\n10:30:54.123 error broker died\r\x1b[2J\x7f\u202e\u2028\xff";
    for (const auto& line : {human_line("t", Level::info, "p", "e", {{"text", hostile}}),
                             json_line("t", Level::info, "p", "e", {{"text", hostile}})}) {
        for (const char* forbidden : {"\n", "\r", "\x1b", "\x7f", "\u202e", "\u2028", "\xff"}) {
            EXPECT_EQ(line.find(forbidden), std::string::npos) << line;
        }
    }
}

TEST(Escaped, ShowsBytesThatAreNoText) { EXPECT_EQ(escaped("a\xff\"\t"), "a\\xff\\\"\\u0009"); }

}  // namespace
}  // namespace coven::log
