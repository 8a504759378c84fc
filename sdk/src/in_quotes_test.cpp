#include "coven/in_quotes.hpp"

#include <gtest/gtest.h>

namespace {

using coven::in_quotes;

TEST(InQuotes, ShowsAShortTextWhole) {
    EXPECT_EQ(in_quotes(""), "''");
    EXPECT_EQ(in_quotes("añ"), "'añ'");
    const std::string longest(300, 'x');
    EXPECT_EQ(in_quotes(longest), "'" + longest + "'");
}

TEST(InQuotes, CutsALongOneBetweenCodePoints) {
    EXPECT_EQ(in_quotes(std::string(301, 'x')), "'" + std::string(300, 'x') + "…'");
    EXPECT_EQ(in_quotes(std::string(299, 'x') + "ñ"), "'" + std::string(299, 'x') + "…'");
    EXPECT_EQ(in_quotes(std::string(298, 'x') + "ñ!"), "'" + std::string(298, 'x') + "ñ…'");
}

}  // namespace
