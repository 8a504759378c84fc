#include "journal/numbered_frames.hpp"

#include <array>

#include "frame.hpp"
#include "journal/tail_view.hpp"

namespace coven::broker {

namespace {

constexpr std::array<const char*, 5> topics = {
    "twitch.chat.xqc.message", "twitch.chat.forsen.message", "twitch.heat.xqc.click",
    "twitch.stream.xqc.online", "twitch.stream.forsen.changed"};
constexpr std::uint64_t producers = 3;
/// In the year 2100, so that nothing of it is ever too old.
constexpr std::uint64_t first_us = 4'102'444'800'000'000;

}  // namespace

std::string numbered_topic(std::uint64_t offset) { return topics.at((offset - 1) % topics.size()); }

std::uint64_t numbered_topic_seq(std::uint64_t offset) { return (offset - 1) / topics.size() + 1; }

std::uint64_t numbered_producer(std::uint64_t offset) { return 1 + offset % producers; }

std::string numbered_frame(std::uint64_t offset, std::uint64_t bus_epoch, std::size_t bytes) {
    auto frame = numbered_topic(offset) + '\0';
    auto noise = offset * 0x9e3779b97f4a7c15u + 1;
    while (frame.size() + tail_bytes < bytes) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        frame += static_cast<char>(noise >> 32);
    }
    Frame said;
    said.producer_id = numbered_producer(offset);
    said.producer_seq = offset;
    const auto tail = make_tail(
        said, {bus_epoch, offset, numbered_topic_seq(offset), 0, first_us + offset * 1000});
    return frame.append(tail.data(), tail.size());
}

bool is_numbered_frame(std::string_view frame) {
    const TailView tail(frame);
    return tail.offset() > 0 &&
           frame == numbered_frame(tail.offset(), tail.bus_epoch(), frame.size());
}

}  // namespace coven::broker
