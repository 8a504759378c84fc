// What the broker does to the bytes of an event, by the examples in proto/golden.

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "frame.hpp"

namespace coven::broker {
namespace {

constexpr std::size_t max_bytes = 65536;
/// As the examples say.
constexpr Numbers numbers{1'795'330'000, 123'456'789'012, 4711, 123'456'788'765,
                          1'795'338'000'190'001};

std::string golden(const std::string& name) {
    std::ifstream file(std::string(COVEN_GOLDEN_FOLDER) + "/" + name + ".bin", std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    EXPECT_FALSE(bytes.str().empty()) << name;
    return bytes.str();
}

std::string numbered(const std::string& event) {
    auto bytes = std::string("a.b\0", 4) + event;
    const auto frame = read_frame(bytes, max_bytes);
    EXPECT_FALSE(frame.fault);
    if (frame.tail_at) {
        stamp(bytes.data() + *frame.tail_at, numbers);
    } else {
        const auto tail = make_tail(frame, numbers);
        bytes.append(tail.data(), tail.size());
    }
    return bytes.substr(4);
}

TEST(Golden, EventIsNumberedInPlace) {
    EXPECT_EQ(numbered(golden("event_published")), golden("event_numbered"));
}

TEST(Golden, EventWithoutTailGetsOne) {
    EXPECT_EQ(numbered(golden("event_without_tail")), golden("event_tail_appended"));
}

TEST(Golden, TailInTheWrongPlaceIsNone) {
    const auto expected = golden("event_tail_appended_over_another");
    EXPECT_EQ(numbered(expected.substr(0, expected.size() - tail_bytes)), expected);
}

}  // namespace
}  // namespace coven::broker
