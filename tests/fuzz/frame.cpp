// A frame of the publish door: `topic NUL Event`.

#include "frame.hpp"

#include <string>

#include "coven/v1/event.pb.h"
#include "target.hpp"

namespace {

using coven::broker::Frame;

constexpr std::size_t max_bytes = std::size_t{64} << 10;
constexpr coven::broker::Numbers numbers{7, 11, 13, 17, 19};

std::string stamped(std::string bytes, const Frame& frame) {
    if (frame.tail_at) {
        coven::broker::stamp(bytes.data() + *frame.tail_at, numbers);
        return bytes;
    }
    const auto tail = coven::broker::make_tail(frame, numbers);
    return bytes.append(tail.data(), tail.size());
}

coven::v1::Event event_of(std::string_view bytes) {
    const auto body = bytes.substr(bytes.find('\0') + 1);
    coven::v1::Event event;
    demand(event.ParseFromArray(body.data(), static_cast<int>(body.size())),
           "protobuf reads what the broker lets pass");
    return event;
}

}  // namespace

void look_at(std::string_view input) {
    const auto frame = coven::broker::read_frame(input, max_bytes);
    if (frame.fault) return;
    const auto before = event_of(input);
    demand(before.producer_id() == frame.producer_id, "the producer is the one in the event");
    demand(before.producer_seq() == frame.producer_seq, "so is its number");
    const auto sent = stamped(std::string(input), frame);
    const auto after = event_of(sent);
    demand(after.bus_epoch() == numbers.bus_epoch && after.offset() == numbers.offset &&
               after.topic_seq() == numbers.topic_seq &&
               after.prev_offset() == numbers.prev_offset && after.ingest_us() == numbers.ingest_us,
           "the broker's numbers are the ones that are read");
    demand(after.producer_id() == frame.producer_id && after.flags() == frame.flags,
           "what the publisher said stays");
    demand(after.id() == before.id() && after.raw() == before.raw(), "so does the event");
    const auto again = coven::broker::read_frame(sent, max_bytes + coven::broker::tail_bytes);
    demand(!again.fault && again.tail_at.has_value(), "what is sent can be taken again");
}
