#pragma once

#include <string>
#include <string_view>

#include "coven/v1/event.pb.h"

namespace coven::broker {

/// What tests publish.
struct Sample {
    std::uint64_t producer_id = 0;
    std::uint64_t producer_seq = 0;
    std::uint64_t flags = 0;
};

/// An event with every kind of field that publishers use, without a tail.
v1::Event sample_event();
/// A frame as a well-behaved publisher sends it: three fields of the tail said, five zeros.
std::string sample_frame(std::string_view topic, const Sample& sample);
/// The same without any of the tail's fields.
std::string frame_without_tail(std::string_view topic);

/// The Event of a frame; fails the test when there is none.
v1::Event event_in(std::string_view frame);

}  // namespace coven::broker
