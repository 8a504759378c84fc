#include "sample_event.hpp"

#include <cstdlib>
#include <cstring>
#include <iostream>

#include "coven/event.hpp"

namespace bench {

namespace {

constexpr std::size_t tail_bytes = 80;
/// Its first two numbers are the producer's (docs/wire.md, "Event").
constexpr std::size_t producer_from_end = tail_bytes - 2;
constexpr std::size_t seq_from_end = tail_bytes - 12;
constexpr std::string_view channel_id = "11148817";
constexpr std::string_view channel_login = "streamer00";
/// `received_us`, used for nanoseconds here, stands before these two, each with two bytes of tag
/// and one of length.
constexpr std::size_t sent_from_end =
    tail_bytes + 3 + channel_id.size() + 3 + channel_login.size() + sizeof(std::uint64_t);

std::string topic(std::size_t index) {
    const auto number = std::to_string(100 + index);
    return std::string(topic_prefix) + "streamer" + number.substr(number.size() - 2) + ".message";
}

void put(std::string& frame, std::size_t from_end, std::uint64_t number) {
    std::memcpy(frame.data() + frame.size() - from_end, &number, sizeof number);
}

std::uint64_t number_at(std::string_view event, std::size_t from_end) {
    std::uint64_t number = 0;
    std::memcpy(&number, event.data() + event.size() - from_end, sizeof number);
    return number;
}

coven::v1::Event bare_event() {
    coven::v1::Event event;
    event.set_id("44f85d39-b5fb-475d-8555-f4244f2f7e82");
    event.set_source("/coven/chat/chat-1");
    event.set_spec_version("1.0");
    event.set_type("tv.twitch.chat.message");
    event.mutable_proto_data()->set_type_url("type.googleapis.com/twitch.v1.ChatMessage");
    event.set_received_us(1);
    event.set_channel_id(std::string(channel_id));
    event.set_channel_login(std::string(channel_login));
    coven::set_tail(event, producer, 0);
    return event;
}

/// Fills the payload until the event is `bytes` long.
std::string event_of(std::size_t bytes) {
    auto event = bare_event();
    std::string filling;
    while (event.ByteSizeLong() < bytes) {
        filling += 'x';
        event.mutable_proto_data()->set_value(filling);
    }
    auto encoded = event.SerializeAsString();
    if (encoded.size() == bytes) return encoded;
    std::cerr << "no event is " << bytes << " bytes long\n";
    std::abort();
}

}  // namespace

SampleEvents::SampleEvents(std::size_t event_bytes, std::size_t topics) {
    const auto event = event_of(event_bytes);
    frames_.reserve(topics);
    for (std::size_t i = 0; i < topics; ++i) frames_.push_back(topic(i) + '\0' + event);
}

std::string_view SampleEvents::frame(std::uint64_t seq, std::uint64_t sent_ns) {
    auto& frame = frames_[seq % frames_.size()];
    // An event without a producer needs no number: probes stand outside of the order.
    put(frame, producer_from_end, seq == probe ? 0 : producer);
    put(frame, seq_from_end, seq);
    put(frame, sent_from_end, sent_ns);
    return frame;
}

Mark read_mark(std::string_view event) {
    return {number_at(event, seq_from_end), number_at(event, sent_from_end)};
}

}  // namespace bench
