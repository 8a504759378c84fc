#include "chat_events.hpp"

#include "channel_login.hpp"
#include "coven/v1/bus.pb.h"

namespace chat {

namespace {

void assign(std::string& to, std::string_view from) { to.assign(from.data(), from.size()); }

}  // namespace

ChatEvents::ChatEvents(RawLines raw) : raw_(raw) {
    event_.set_type("tv.twitch.chat.message");
    // What Any::PackFrom says, too.
    event_.mutable_proto_data()->set_type_url("type.googleapis.com/twitch.v1.ChatMessage");
}

coven::Result<coven::v1::Event*> ChatEvents::read(const IrcLine& line, coven::Time received) {
    const auto written = writer_.write(line);
    if (!written) return written.error();
    const auto& message = **written;
    event_.set_id(message.id);
    event_.set_occurred_us(message.sent_us);
    event_.set_received_us(coven::microseconds_since_epoch(received));
    event_.set_channel_id(message.channel_id);
    event_.set_channel_login(message.channel_login);
    event_.clear_flags();
    if (raw_ == RawLines::keep) assign(*event_.mutable_raw(), line.text());
    assign(*event_.mutable_proto_data()->mutable_value(), message.encoded);
    return &event_;
}

coven::v1::Event gap_event(const Gap& gap, std::string_view channel_id) {
    coven::v1::SourceGap payload;
    payload.set_from_us(coven::microseconds_since_epoch(gap.from));
    payload.set_to_us(coven::microseconds_since_epoch(gap.to));
    payload.set_reason(gap.reason);
    payload.set_events(gap.events);
    coven::v1::Event event;
    event.set_type("tv.twitch.chat.gap");
    event.set_occurred_us(payload.from_us());
    if (gap.channel != no_channel) event.set_channel_login(gap.channel);
    assign(*event.mutable_channel_id(), channel_id);
    event.mutable_proto_data()->PackFrom(payload);
    return event;
}

}  // namespace chat
