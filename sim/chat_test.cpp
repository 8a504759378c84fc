#include "chat.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, CountsEachAccountApart) {
    RateLimit limit(2, 10s);
    EXPECT_TRUE(limit.allows("a", Instant()));
    EXPECT_TRUE(limit.allows("a", Instant()));
    EXPECT_FALSE(limit.allows("a", Instant() + 9s));
    EXPECT_TRUE(limit.allows("b", Instant() + 9s));
    EXPECT_TRUE(limit.allows("a", Instant() + 10s));
}

TEST(Login, IsAnonymousWithJustinfanAndDigits) {
    EXPECT_TRUE(is_anonymous("justinfan1"));
    for (const char* login : {"justinfan", "justinfanx", "justinfan1x", "forsen", ""}) {
        EXPECT_FALSE(is_anonymous(login)) << login;
    }
}

}  // namespace
}  // namespace coven::sim
