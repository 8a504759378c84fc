#include "coven/json_value.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

TEST(JsonValue, ReadsWhatTwitchSends) {
    const auto user = JsonValue::parse(
        R"({"data":[{"id":"141981764","display_name":"Twítch","views":5980557,"live":true}],)"
        R"("pagination":{},"total":-3})");
    ASSERT_TRUE(user.has_value());
    const auto items = user->member("data").items();
    ASSERT_EQ(items.size(), 1u);
    EXPECT_EQ(items[0].text_or("id"), "141981764");
    EXPECT_EQ(items[0].text_or("display_name"), "Twítch");
    EXPECT_EQ(items[0].member("views").number(), 5980557);
    EXPECT_EQ(items[0].member("live").flag(), true);
    EXPECT_EQ(user->member("total").number(), -3);
    EXPECT_TRUE(user->member("pagination").is_object());
}

TEST(JsonValue, GivesNothingOfAnotherKind) {
    const auto value =
        JsonValue::parse(R"({"text":"1","number":1,"half":1.5,"null":null})").value();
    EXPECT_EQ(value.member("text").number(), std::nullopt);
    EXPECT_EQ(value.member("number").text(), std::nullopt);
    EXPECT_EQ(value.member("number").flag(), std::nullopt);
    EXPECT_EQ(value.member("half").number(), std::nullopt);
    EXPECT_EQ(value.text_or("number", "none"), "none");
    EXPECT_TRUE(value.member("null").is_null());
    EXPECT_TRUE(value.member("absent").member("deeper").items().empty());
    EXPECT_TRUE(value.items().empty());
    EXPECT_FALSE(value.is_array());
    EXPECT_FALSE(JsonValue().text().has_value());
}

TEST(JsonValue, OutlivesItsTextAndItsParents) {
    JsonValue inner;
    {
        const std::string text = R"({"a":{"b":["a string that is longer than a short one"]}})";
        inner = JsonValue::parse(text).value().member("a").member("b").items().at(0);
    }
    EXPECT_EQ(inner.text(), "a string that is longer than a short one");
}

TEST(JsonValue, SaysWhyItIsNotJsonWithoutRepeatingIt) {
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    for (const auto& text : {std::string(), std::string("<html>secret"), std::string("{\"a\":"),
                             std::string("{} {}"), std::string("\"\xff\""), deep}) {
        const auto value = JsonValue::parse(text);
        ASSERT_TRUE(value.has_error()) << text;
        EXPECT_EQ(value.error().message.find("not JSON ("), 0u) << value.error().message;
        EXPECT_EQ(value.error().message.find("secret"), std::string::npos);
    }
}

}  // namespace
}  // namespace coven
