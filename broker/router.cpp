#include "router.hpp"

namespace coven::broker {

namespace {

constexpr auto ack_interval = std::chrono::milliseconds(50);
constexpr std::uint64_t ack_events = 1000;

}  // namespace

Router::Router(std::uint64_t bus_epoch, const Limits& limits, Drops& drops)
    : bus_epoch_(bus_epoch),
      max_event_bytes_(limits.max_event_bytes),
      drops_(drops),
      topics_(limits.max_topics),
      producers_(limits.producers) {}

TopicEntry* Router::topic_of(Frame& frame, From from) {
    TopicEntry* topic = topics_.find(frame.topic);
    if (topic != nullptr || from == From::broker) return topic;
    frame.fault = topic_refusal(frame.topic);
    if (!frame.fault && topics_.full()) frame.fault = Drop::too_many_topics;
    return nullptr;
}

Router::Outcome Router::drop(Drop reason) {
    drops_.count(reason);
    return Outcome::dropped;
}

Router::Outcome Router::take(std::span<char> bytes, From from, const Moment& now) {
    auto frame = read_frame({bytes.data(), bytes.size()}, max_event_bytes_);
    TopicEntry* topic = frame.fault ? nullptr : topic_of(frame, from);
    ProducerMark* mark = nullptr;
    if (frame.producer_id != 0) {
        mark = &producers_.mark_of(frame.producer_id, now);
        const auto disorder = producers_.check_order(*mark, frame.producer_seq, now);
        if (disorder) return drop(*disorder);
    }
    if (frame.fault) {
        if (mark != nullptr) producers_.refuse(*mark, *frame.fault);
        return drop(*frame.fault);
    }
    if (mark != nullptr) producers_.use_up(*mark);
    return number(bytes, frame, topic != nullptr ? *topic : topics_.add(frame.topic), now);
}

Router::Outcome Router::number(std::span<char> bytes, const Frame& frame, TopicEntry& topic,
                               const Moment& now) {
    const auto previous = topic.offset;
    topic.offset = ++head_;
    topic.ingest_us = now.unix_us;
    topic.heard = now.instant;
    topic.rate.count(now.instant);
    quiet_topics_.heard(topic);
    const Numbers numbers{bus_epoch_, head_, ++topic.topic_seq, previous, now.unix_us};
    bytes_ += bytes.size() + (frame.tail_at ? 0 : tail_bytes);
    if (frame.tail_at) {
        stamp(bytes.data() + *frame.tail_at, numbers);
        return Outcome::stamped;
    }
    tail_ = make_tail(frame, numbers);
    return Outcome::tail_needed;
}

bool Router::ack_round_due(const Moment& now) const {
    if (producers_.in_round() || !producers_.have_news()) return false;
    return now.instant - round_at_ >= ack_interval || head_ - round_head_ >= ack_events;
}

std::optional<Instant> Router::next_ack_round() const {
    if (producers_.in_round()) return Instant{};
    if (!producers_.have_news()) return std::nullopt;
    return round_at_ + ack_interval;
}

void Router::start_ack_round(const Moment& now) {
    settled_ = round_head_;
    round_head_ = head_;
    round_at_ = now.instant;
    producers_.start_round();
}

std::optional<std::uint64_t> Router::next_ack(std::size_t& budget, const Moment& now) {
    return producers_.next_in_round(budget, settled_, head_, now);
}

}  // namespace coven::broker
