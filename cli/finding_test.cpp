#include "finding.hpp"

#include <gtest/gtest.h>

#include "network_check.hpp"
#include "scope_check.hpp"

namespace coven::cli {
namespace {

using Level = Finding::Level;

TEST(Finding, TheWorstDecidesTheStatus) {
    EXPECT_EQ(status_of({}), 0);
    EXPECT_EQ(status_of({{Level::fine, "a", "", ""}, {Level::attention, "b", "", ""}}), 1);
    EXPECT_EQ(status_of({{Level::broken, "a", "", ""}, {Level::attention, "b", "", ""}}), 2);
}

TEST(Finding, IsALineWithItsAdviceBelow) {
    const Paint paint(Colours::none);
    EXPECT_EQ(finding_lines({{Level::broken, "account", "bo\x1bt", "Twitch refuses it", "log in"}},
                            paint),
              (std::vector<std::string>{"broken     account  bo\\u{1b}t: Twitch refuses it",
                                        "                    log in"}));
    EXPECT_EQ(finding_lines({{Level::fine, "clock", "", "agrees"}}, paint),
              std::vector<std::string>{"fine       clock    agrees"});
}

TEST(Finding, IsAnObjectInJson) {
    EXPECT_EQ(finding_json({{Level::attention, "scopes", "chat", "lacks", "log in"}}).at(0),
              R"({"level":"attention","area":"scopes","object":"chat","text":"lacks",)"
              R"("advice":"log in"})");
}

TEST(ScopeCheck, NamesWhatIsMissingForEachConnector) {
    const auto findings = check_scopes({{"chat", {"chat:read", "chat:edit"}}, {"heat", {}}},
                                       {{"one", {"chat:read"}}, {"two", {"bits:read"}}});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].level, Level::attention);
    EXPECT_EQ(findings[0].text, "no account has granted chat:edit");
    EXPECT_EQ(check_scopes({{"chat", {"chat:edit"}}}, {{"one", {"chat:edit"}}}).at(0).level,
              Level::fine);
}

TEST(NetworkCheck, ReadsTheDateOfAServer) {
    const auto time = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
    ASSERT_TRUE(time);
    EXPECT_EQ(microseconds_since_epoch(*time), 784111777'000'000u);
    for (const char* text : {"", "now", "Sun, 06 Nov 1994 08:49:37", "06 Nov 1994 08:49:37 GMT"}) {
        EXPECT_FALSE(parse_http_date(text)) << text;
    }
}

}  // namespace
}  // namespace coven::cli
