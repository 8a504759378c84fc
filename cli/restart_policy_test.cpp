#include "restart_policy.hpp"

#include <gtest/gtest.h>

namespace coven::cli {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{};
const RestartPolicy::Limits limits{{100ms, 1s}, 3, 30s};

TEST(RestartPolicy, StartsAgainAtOnceAndThenAfterGrowingPauses) {
    RestartPolicy policy({{100ms, 1s}, 100, 30s}, 1);
    EXPECT_EQ(policy.ended(1, start).pause, 0ms);
    for (int i = 1; i < 20; ++i) EXPECT_LE(policy.ended(1, start + i * 1s).pause, 1s) << i;
}

TEST(RestartPolicy, GivesUpOnACrashLoop) {
    RestartPolicy policy(limits, 1);
    EXPECT_TRUE(policy.ended(139, start).pause);
    EXPECT_TRUE(policy.ended(139, start + 10s).pause);
    const auto last = policy.ended(139, start + 20s);
    EXPECT_FALSE(last.pause);
    EXPECT_EQ(last.reason, "ended 3 times within 30 s");
}

TEST(RestartPolicy, ForgetsEndsThatAreLongAgo) {
    RestartPolicy policy(limits, 1);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(policy.ended(1, start + i * 31s).pause, 0ms) << i;
}

TEST(RestartPolicy, DoesNotRepeatARefusedConfiguration) {
    RestartPolicy policy(limits, 1);
    const auto refused = policy.ended(2, start);
    EXPECT_FALSE(refused.pause);
    EXPECT_EQ(refused.reason, "refused its flags or configuration");
}

TEST(RestartPolicy, DescribesAStatus) {
    EXPECT_EQ(describe_status(1), "ended with status 1");
    EXPECT_EQ(describe_status(137), "was killed by signal 9 (Killed)");
}

}  // namespace
}  // namespace coven::cli
