#include "refusal_text.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

TEST(RefusalText, ReadsBothEnvelopes) {
    const struct {
        const char* body;
        const char* text;
    } rows[] = {
        {R"({"status":401,"message":"invalid access token"})", "invalid access token"},
        {R"({"error":"Unauthorized","status":401,"message":"Invalid OAuth token"})",
         "Invalid OAuth token"},
        {R"({"error":"invalid_grant"})", "invalid_grant"},
        {R"({"status":400})", ""},
        {R"({"status":400,"message":7})", ""},
    };
    for (const auto& row : rows) EXPECT_EQ(refusal_text(row.body, {}), row.text) << row.body;
}

TEST(RefusalText, IsNoneWhenSomebodyElseAnswers) {
    for (const char* body : {"", "<html>Bad Gateway</html>", "[]", "{}", "\"no\"", "null"}) {
        EXPECT_EQ(refusal_text(body, {}), std::nullopt) << body;
    }
}

TEST(RefusalText, IsFitForATerminal) {
    EXPECT_EQ(refusal_text(R"({"message":"a\u001b[2J\nb"})", {}), "a\\u001b[2J\\nb");
    const auto text = refusal_text(R"({"message":")" + std::string(1000, 'x') + "\"}", {});
    EXPECT_EQ(text, std::string(300, 'x') + "…");
}

TEST(RefusalText, RepeatsNoSecret) {
    const std::vector<Secret> secrets = {Secret("canary"), Secret(), Secret("is")};
    EXPECT_EQ(refusal_text(R"({"message":"canary is wrong, canary"})", secrets),
              "[redacted] is wrong, [redacted]");
}

}  // namespace
}  // namespace coven
