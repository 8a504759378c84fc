#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "drops.hpp"

namespace coven::broker {

/// The last eight fields of an Event, numbers 2040 to 2047, `fixed64` each: two bytes of tag and
/// eight of value.
inline constexpr std::size_t tail_bytes = 80;
using Tail = std::array<char, tail_bytes>;

/// What the broker writes into the last five fields of a tail.
struct Numbers {
    std::uint64_t bus_epoch = 0;
    std::uint64_t offset = 0;
    std::uint64_t topic_seq = 0;
    std::uint64_t prev_offset = 0;
    std::uint64_t ingest_us = 0;
};

/// One frame of the publish door, `topic NUL Event`, looked at once. Views the frame.
struct Frame {
    /// Why it cannot be an event. Then only the producer below means anything, and only if it
    /// could be found.
    std::optional<Drop> fault;
    /// Not checked yet: most topics are known already.
    std::string_view topic;
    /// Where the tail begins, if the frame ends with one.
    std::optional<std::size_t> tail_at;
    /// 0 = not said.
    std::uint64_t producer_id = 0;
    std::uint64_t producer_seq = 0;
    std::uint64_t flags = 0;
};

/// `max_bytes` bounds the frame as it would leave, with its tail.
///
/// What is accepted here, protobuf accepts too: the top level is well-formed and without groups, so
/// is the level of the payload's Any, and each text is UTF-8.
Frame read_frame(std::string_view bytes, std::size_t max_bytes);

/// Why nobody may publish on `topic`, however well-formed the event. nullopt = anybody may.
std::optional<Drop> topic_refusal(std::string_view topic);

/// Overwrites the broker's five fields; `tail` must point at a tail.
void stamp(char* tail, const Numbers& numbers);

/// Sets `flags` beside those that the publisher set; `tail` must point at a tail.
void add_flags(char* tail, std::uint64_t flags);

/// A tail for a frame that has none, with what its publisher said elsewhere in it.
Tail make_tail(const Frame& frame, const Numbers& numbers);

}  // namespace coven::broker
