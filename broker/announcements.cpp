#include "announcements.hpp"

#include "connector_table.hpp"
#include "coven/event.hpp"

namespace coven::broker {

namespace {

template <class Message>
void add_epochs(Message& message, const Router& router) {
    for (const auto& known : router.epochs().all()) {
        auto& epoch = *message.add_epochs();
        epoch.set_bus_epoch(known.bus_epoch);
        epoch.set_first_offset(known.first_offset);
    }
}

v1::Event event_of(const char* type, const std::string& source,
                   const google::protobuf::Message& payload, const Moment& now) {
    v1::Event event;
    event.set_id(uuid_v7(now.unix_us / 1000));
    event.set_source(source);
    event.set_spec_version("1.0");
    event.set_type(type);
    event.mutable_proto_data()->PackFrom(payload);
    event.set_occurred_us(now.unix_us);
    event.set_received_us(now.unix_us);
    return event;
}

}  // namespace

std::string frame_of(std::string_view topic, const google::protobuf::Message& message) {
    std::string frame(topic);
    frame += '\0';
    message.AppendToString(&frame);
    return frame;
}

std::string ack_topic(std::uint64_t producer_id) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string topic = "~a.";
    for (int shift = 60; shift >= 0; shift -= 4) topic += digits[(producer_id >> shift) & 15];
    return topic;
}

v1::Barrier barrier(const Router& router, std::size_t prefixes) {
    v1::Barrier barrier;
    barrier.set_bus_epoch(router.bus_epoch());
    barrier.set_offset(router.head());
    barrier.set_prefixes(prefixes);
    add_epochs(barrier, router);
    return barrier;
}

std::string beacon_frame(const TopicEntry& topic, std::uint64_t bus_epoch) {
    v1::HeadBeacon beacon;
    beacon.set_topic(topic.name);
    beacon.set_bus_epoch(bus_epoch);
    beacon.set_offset(topic.offset);
    beacon.set_topic_seq(topic.topic_seq);
    return frame_of("~h." + topic.name, beacon);
}

Announcer::Announcer(const std::string& broker_id)
    : source_("/coven/broker/" + broker_id),
      tick_topic_("bus.broker." + broker_id + ".tick"),
      degraded_topic_("bus.broker." + broker_id + ".degraded") {}

std::string Announcer::tick_frame(const Router& router, const Moment& now) const {
    v1::Tick tick;
    tick.set_bus_epoch(router.bus_epoch());
    tick.set_head(router.head());
    tick.set_committed(router.committed());
    add_epochs(tick, router);
    return frame_of(tick_topic_, event_of("coven.broker.tick", source_, tick, now));
}

std::string Announcer::degraded_frame(const v1::Degraded& degraded, const Moment& now) const {
    auto event = event_of("coven.broker.degraded", source_, degraded, now);
    event.set_flags(degraded.reason().empty() ? v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER
                                              : v1::EVENT_FLAG_STATE);
    return frame_of(degraded_topic_, event);
}

std::string Announcer::gone_frame(const v1::Presence& presence, const Moment& now) const {
    auto event = event_of("coven.presence", source_, presence, now);
    event.set_flags(v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER);
    return frame_of(presence_topic(presence), event);
}

}  // namespace coven::broker
