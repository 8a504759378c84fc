#include "frame_samples.hpp"

#include <gtest/gtest.h>

#include "announcements.hpp"
#include "coven/event.hpp"

namespace coven::broker {

v1::Event sample_event() {
    v1::Event event;
    event.set_id("44f85d39-b5fb-475d-8555-f4244f2f7e82");
    event.set_source("/coven/chat/chat-1");
    event.set_spec_version("1.0");
    event.set_type("tv.twitch.chat.message");
    v1::SourceGap payload;
    payload.set_reason("테스트 – any payload will do");
    event.mutable_proto_data()->PackFrom(payload);
    event.set_occurred_us(1);
    event.set_channel_id("11148817");
    event.set_channel_login("pajlada");
    event.set_raw(std::string("bytes \xff\x00 of any kind", 20));
    return event;
}

std::string sample_frame(std::string_view topic, const Sample& sample) {
    auto event = sample_event();
    event.set_flags(sample.flags);
    set_tail(event, sample.producer_id, sample.producer_seq);
    return frame_of(topic, event);
}

std::string frame_without_tail(std::string_view topic) { return frame_of(topic, sample_event()); }

v1::Event event_in(std::string_view frame) {
    v1::Event event;
    const auto body = frame.substr(frame.find('\0') + 1);
    EXPECT_TRUE(event.ParseFromArray(body.data(), static_cast<int>(body.size())));
    return event;
}

}  // namespace coven::broker
