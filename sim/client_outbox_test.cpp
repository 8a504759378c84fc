#include "client_outbox.hpp"

#include <gtest/gtest.h>

namespace coven::sim {
namespace {

using Added = Outbox::Added;
using Kind = Outbox::Frame::Kind;

TEST(Outbox, PacksLinesIntoFrames) {
    Outbox outbox({.lines_per_frame = 2, .bytes = 1000});
    for (const char* line : {"a", "b", "c"}) ASSERT_EQ(outbox.add_line(line), Added::yes);
    EXPECT_EQ(outbox.take().bytes, "a\r\nb\r\n");
    EXPECT_EQ(outbox.take().bytes, "c\r\n");
    EXPECT_TRUE(outbox.empty());
    EXPECT_EQ(outbox.bytes(), 0u);
}

TEST(Outbox, LeavesAFrameAsItIs) {
    Outbox outbox({.lines_per_frame = 10, .bytes = 1000});
    ASSERT_EQ(outbox.add_line("a"), Added::yes);
    ASSERT_EQ(outbox.add_frame("half a li", Kind::text), Added::yes);
    ASSERT_EQ(outbox.add_line("b"), Added::yes);
    EXPECT_EQ(outbox.take().bytes, "a\r\n");
    EXPECT_EQ(outbox.take().bytes, "half a li");
    EXPECT_EQ(outbox.take().bytes, "b\r\n");
}

TEST(Outbox, KnowsWhenAFrameIsWhole) {
    Outbox outbox({.lines_per_frame = 20, .bytes = 1000});
    outbox.set_lines_per_frame(2);
    ASSERT_EQ(outbox.add_line("a"), Added::yes);
    EXPECT_FALSE(outbox.has_whole_frame());
    ASSERT_EQ(outbox.add_line("b"), Added::yes);
    EXPECT_TRUE(outbox.has_whole_frame());
    outbox.clear();
    EXPECT_TRUE(outbox.empty());
    EXPECT_EQ(outbox.bytes(), 0u);
    EXPECT_FALSE(outbox.has_whole_frame());
    ASSERT_EQ(outbox.add_frame(std::string("\0\xff", 2), Kind::binary), Added::yes);
    EXPECT_TRUE(outbox.has_whole_frame());
    EXPECT_EQ(outbox.take().kind, Kind::binary);
}

TEST(Outbox, RefusesWhatIsAboveItsBound) {
    Outbox outbox({.lines_per_frame = 10, .bytes = 10});
    EXPECT_EQ(outbox.add_line("12345678"), Added::yes);
    EXPECT_EQ(outbox.add_line(""), Added::full);
    EXPECT_EQ(outbox.add_frame("x", Kind::text), Added::full);
    EXPECT_EQ(outbox.bytes(), 10u);
}

}  // namespace
}  // namespace coven::sim
