#include "web_message.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

TEST(WebMessage, ReadsForms) {
    const auto form = parse_form("a=1&b=x%20y+z&a=%c3%A9&&c&=d&e=%&f=%zz%4");
    EXPECT_EQ(values_of(form, "a"), (std::vector<std::string>{"1", "é"}));
    EXPECT_EQ(value_of(form, "b"), "x y z");
    EXPECT_EQ(values_of(form, "c"), std::vector<std::string>{""});
    EXPECT_EQ(value_of(form, ""), "d");
    EXPECT_EQ(value_of(form, "e"), "%") << "what is no escape stays";
    EXPECT_EQ(value_of(form, "f"), "%zz%4");
    EXPECT_EQ(value_of(form, "g"), "");
    EXPECT_TRUE(parse_form("").empty());
}

TEST(WebMessage, WritesWhatItReads) {
    const std::string text = "a b&c=d/\xc3\xa9%+~";
    EXPECT_EQ(encoded(text), "a%20b%26c%3Dd%2F%C3%A9%25%2B~");
    EXPECT_EQ(value_of(parse_form("x=" + encoded(text)), "x"), text);
}

TEST(WebMessage, TakesTargetsApart) {
    WebRequest request;
    set_target(request, "/helix/users?id=1&id=2");
    EXPECT_EQ(request.path, "/helix/users");
    EXPECT_EQ(values_of(request.query, "id"), (std::vector<std::string>{"1", "2"}));
    set_target(request, "/");
    EXPECT_EQ(request.path, "/");
    EXPECT_TRUE(request.query.empty());
}

}  // namespace
}  // namespace coven::sim
