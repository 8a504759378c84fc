#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coven::broker {

/// Frames of which every byte follows from offset, epoch and size, so that whoever reads one can
/// tell whether it is what was written. They go round five topics in three families and three
/// producers, whose producer_seq is the offset.
std::string numbered_frame(std::uint64_t offset, std::uint64_t bus_epoch, std::size_t bytes);
std::string numbered_topic(std::uint64_t offset);
/// Events up to and with this offset on its topic.
std::uint64_t numbered_topic_seq(std::uint64_t offset);
std::uint64_t numbered_producer(std::uint64_t offset);
/// It is the one that was written with its offset and its epoch.
bool is_numbered_frame(std::string_view frame);

}  // namespace coven::broker
