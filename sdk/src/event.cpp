#include "coven/event.hpp"

#include <random>

#include <fmt/format.h>

namespace coven {

Result<Event> Event::parse(std::string_view frame) {
    const auto end = frame.find('\0');
    if (end == std::string_view::npos) return Error("frame has no NUL after its topic");
    const auto body = frame.substr(end + 1);
    Event event;
    event.topic_ = frame.substr(0, end);
    if (!event.message_.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return Error("frame holds no Event after its topic: '" + event.topic_ + "'");
    }
    return event;
}

Event Event::of_loss(const v1::Lost& lost) {
    Event event;
    event.topic_ = lost.topic();
    event.lost_ = lost;
    event.message_.set_type("coven.lost");
    event.message_.mutable_proto_data()->PackFrom(lost);
    return event;
}

Event Event::of_truncation(const v1::Truncated& truncated) {
    Event event;
    event.truncated_ = truncated;
    event.message_.set_type("coven.truncated");
    event.message_.mutable_proto_data()->PackFrom(truncated);
    return event;
}

std::string frame_of(std::string_view topic, const v1::Event& event) {
    std::string frame;
    const auto size = event.ByteSizeLong();
    frame.reserve(topic.size() + 1 + size);
    frame.append(topic).push_back('\0');
    const auto body = frame.size();
    frame.resize(body + size);
    // What was measured above is not measured again, unlike in SerializeToString.
    event.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(frame.data() + body));
    return frame;
}

void set_tail(v1::Event& event, std::uint64_t producer_id, std::uint64_t producer_seq) {
    event.set_producer_id(producer_id);
    event.set_producer_seq(producer_seq);
    event.set_flags(event.flags());
    event.set_bus_epoch(0);
    event.set_offset(0);
    event.set_topic_seq(0);
    event.set_prev_offset(0);
    event.set_ingest_us(0);
}

std::string uuid_v7(std::uint64_t now_ms) {
    static thread_local std::mt19937_64 random{std::random_device{}()};
    const std::uint64_t a = random();
    const std::uint64_t b = random();
    return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", (now_ms >> 16) & 0xffffffff,
                       now_ms & 0xffff, a & 0xfff, 0x8000 | ((a >> 16) & 0x3fff),
                       b & 0xffffffffffff);
}

}  // namespace coven
