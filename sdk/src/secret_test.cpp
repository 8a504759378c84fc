#include "coven/secret.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace coven {
namespace {

TEST(Secret, PrintsAsRedacted) {
    std::ostringstream out;
    out << Secret("hunter2");
    EXPECT_EQ(out.str(), "[redacted]");
}

TEST(Secret, GivesItsTextOnlyWhenAsked) { EXPECT_EQ(Secret("hunter2").reveal(), "hunter2"); }

TEST(Secret, LeavesNothingBehindWhenMoved) {
    for (const std::string text : {"short", "long enough to live outside of the string object"}) {
        Secret from(text);
        const Secret to(std::move(from));
        EXPECT_EQ(to.reveal(), text);
        EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
    }
}

TEST(Secret, IsAssignedByCopyAndByMove) {
    Secret first("first");
    Secret second;
    second = first;
    EXPECT_EQ(second.reveal(), "first");
    Secret third;
    third = std::move(first);
    EXPECT_EQ(third.reveal(), "first");
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
}

}  // namespace
}  // namespace coven
