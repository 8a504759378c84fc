#include "raw_field.hpp"

#include <gtest/gtest.h>

#include "frame_samples.hpp"

namespace coven::broker {
namespace {

std::string frame_of(const v1::Event& event) {
    return std::string("a.b\0", 4) + event.SerializeAsString();
}

TEST(RawField, IsLeftOutAndNothingElse) {
    auto event = sample_event();
    event.set_raw("the line");
    event.set_producer_id(1);
    event.set_flags(4);
    std::string buffer;
    const auto stripped = event_in(without_raw(frame_of(event), buffer));
    event.clear_raw();
    EXPECT_EQ(stripped.SerializeAsString(), event.SerializeAsString());
}

TEST(RawField, IsLeftOutHoweverOftenItIsThere) {
    v1::Event event;
    event.set_raw("one");
    auto frame = frame_of(event);
    frame += frame.substr(4);
    event.clear_raw();
    event.set_channel_login("xqc");
    frame += event.SerializeAsString() + frame.substr(4);
    std::string buffer;
    EXPECT_EQ(without_raw(frame, buffer), frame_of(event));
}

TEST(RawField, OfAFrameWithoutOneNothingIsCopied) {
    auto event = sample_event();
    event.clear_raw();
    const auto frame = frame_of(event);
    std::string buffer;
    EXPECT_EQ(without_raw(frame, buffer).data(), frame.data());
}

}  // namespace
}  // namespace coven::broker
