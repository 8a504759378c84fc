#include "request_payload.hpp"

#include <gtest/gtest.h>

#include "coven/schema.hpp"

namespace coven::cli {
namespace {

std::string json_of(const std::string& verb, const std::vector<std::string>& words,
                    const std::string& json = "") {
    const auto payload = payload_of(verb, words, json);
    return payload.has_error() ? "error: " + payload.error().message : *to_json(*payload);
}

TEST(RequestPayload, IsReadAsTheFieldsOfTheVerbWantIt) {
    EXPECT_EQ(json_of("topics.list", {"prefix=123", "limit=5"}),
              R"({"prefix":"123","after":"","limit":5})");
    const auto history = json_of("history.read", {"patterns=a.b", "patterns=c.d", "limit=2"});
    EXPECT_NE(history.find(R"("patterns":["a.b","c.d"])"), std::string::npos) << history;
}

TEST(RequestPayload, IsReadAsJsonWhereTheVerbHasNoType) {
    EXPECT_EQ(json_of("dice.roll", {"sides=6", "who=ann", "on.table=true", "to=a", "to=b"}),
              R"({"sides":6,"who":"ann","on":{"table":true},"to":["a","b"]})");
}

TEST(RequestPayload, AddsToWhatIsGivenAsJson) {
    EXPECT_EQ(json_of("dice.roll", {"times=2"}, R"({"sides":6})"), R"({"sides":6,"times":2})");
}

TEST(RequestPayload, IsNothingWithoutWords) {
    EXPECT_TRUE(payload_of("topics.list", {}, "")->type_url().empty());
}

TEST(RequestPayload, SaysWhatIsWrong) {
    EXPECT_EQ(json_of("topics.list", {"prefx=a"}),
              "error: TopicsListRequest has no field 'prefx', did you mean 'prefix'?");
    EXPECT_EQ(json_of("topics.list", {"zzzzzz=a"}),
              "error: TopicsListRequest has no field 'zzzzzz', only prefix, after, limit");
    EXPECT_EQ(json_of("topics.list", {"prefix.a=b"}),
              "error: 'prefix' of TopicsListRequest has no fields of its own");
    EXPECT_EQ(json_of("dice.roll", {"sides"}), "error: 'sides' is no KEY=VALUE");
    EXPECT_EQ(json_of("dice.roll", {"=6"}), "error: a name is missing before '=' or '.'");
    EXPECT_EQ(json_of("dice.roll", {"a=1", "a.b=2"}), "error: 'a' has a value already");
    EXPECT_EQ(json_of("dice.roll", {}, "[1]"),
              "error: --payload must be an object, as '{\"sides\": 6}'");
    EXPECT_TRUE(json_of("dice.roll", {}, "{").starts_with("error: --payload is no JSON: "));
    EXPECT_TRUE(json_of("topics.list", {"limit=many"}).starts_with("error: TopicsListRequest: "));
}

}  // namespace
}  // namespace coven::cli
