#include "outbox.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

using Added = Outbox::Added;

TEST(Outbox, PacksLinesIntoFrames) {
    Outbox outbox({.lines_per_frame = 2, .bytes = 1000});
    for (const char* line : {"a", "b", "c"}) ASSERT_EQ(outbox.add_line(line), Added::yes);
    EXPECT_EQ(outbox.take(), "a\r\nb\r\n");
    EXPECT_EQ(outbox.take(), "c\r\n");
    EXPECT_TRUE(outbox.empty());
    EXPECT_EQ(outbox.bytes(), 0u);
}

TEST(Outbox, LeavesAFrameAsItIs) {
    Outbox outbox({.lines_per_frame = 10, .bytes = 1000});
    ASSERT_EQ(outbox.add_line("a"), Added::yes);
    ASSERT_EQ(outbox.add_frame("half a li"), Added::yes);
    ASSERT_EQ(outbox.add_line("b"), Added::yes);
    EXPECT_EQ(outbox.take(), "a\r\n");
    EXPECT_EQ(outbox.take(), "half a li");
    EXPECT_EQ(outbox.take(), "b\r\n");
}

TEST(Outbox, RefusesWhatIsAboveItsBound) {
    Outbox outbox({.lines_per_frame = 10, .bytes = 10});
    EXPECT_EQ(outbox.add_line("12345678"), Added::yes);
    EXPECT_EQ(outbox.add_line(""), Added::full);
    EXPECT_EQ(outbox.add_frame("x"), Added::full);
    EXPECT_EQ(outbox.bytes(), 10u);
}

}  // namespace
}  // namespace coven::sim
