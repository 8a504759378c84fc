#include "router.hpp"

#include "coven/v1/event.pb.h"

namespace coven::broker {

namespace {

constexpr auto ack_interval = std::chrono::milliseconds(50);
constexpr std::uint64_t ack_events = 1000;

}  // namespace

Router::Router(std::uint64_t bus_epoch, const Limits& limits, Drops& drops)
    : epochs_({bus_epoch, 1}),
      max_event_bytes_(limits.max_event_bytes),
      kept_(limits.kept),
      drops_(drops),
      topics_(limits.max_topics),
      producers_(limits.producers) {}

TopicEntry& Router::add_topic(std::string_view name) {
    auto& topic = topics_.add(name);
    topic.kept = kept_.has_topic(name);
    return topic;
}

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
    auto& found = topic != nullptr ? *topic : add_topic(frame.topic);
    if (mark != nullptr && !found.kept) mark->stored = false;
    return number(bytes, frame, found, now);
}

Router::Outcome Router::number(std::span<char> bytes, const Frame& frame, TopicEntry& topic,
                               const Moment& now) {
    const auto previous = topic.offset;
    ++events_;
    topic.offset = ++head_;
    topic.ingest_us = now.unix_us;
    topic.heard = now.instant;
    topic.rate.count(now.instant);
    quiet_topics_.heard(topic);
    const Numbers numbers{bus_epoch(), head_, ++topic.topic_seq, previous, now.unix_us};
    bytes_ += bytes.size() + (frame.tail_at ? 0 : tail_bytes);
    topic_ = &topic;
    flags_ = frame.flags;
    if (!frame.tail_at) tail_ = make_tail(frame, numbers);
    char* tail = frame.tail_at ? bytes.data() + *frame.tail_at : tail_.data();
    if (frame.tail_at) stamp(tail, numbers);
    const bool passed = keeping_ == Keeping::stored && !topic.kept;
    if (passed || keeping_ == Keeping::missed) {
        add_flags(tail, flags_ |= v1::EVENT_FLAG_NOT_STORED);
    }
    return frame.tail_at ? Outcome::stamped : Outcome::tail_needed;
}

void Router::begin_epoch(const Epoch& epoch, Keeping keeping) {
    const bool has_stored =
        keeping_ == Keeping::stored && committed_ >= epochs_.running().first_offset;
    epochs_.begin(epoch, has_stored ? Epochs::Ended::kept : Epochs::Ended::forgotten);
    keeping_ = keeping;
}

void Router::restore(const Recovered& recovered, const Moment& now) {
    head_ = committed_ = settled_ = round_head_ = recovered.last_offset;
    epochs_.set_stored(recovered.epochs);
    topics_.forget_numbers();
    for (const auto& head : recovered.heads) {
        auto* found = topics_.find(head.topic);
        auto& topic = found != nullptr ? *found : add_topic(head.topic);
        topic.topic_seq = head.topic_seq;
        topic.offset = head.offset;
        topic.ingest_us = head.ingest_us;
    }
    producers_.forget_numbers();
    for (const auto& mark : recovered.marks) {
        const auto age = now.unix_us > mark.last_us ? now.unix_us - mark.last_us : 0;
        producers_.restore(mark.producer_id, mark.producer_seq, std::chrono::microseconds(age),
                           now);
    }
}

bool Router::ack_round_due(const Moment& now) const {
    if (producers_.in_round() || !producers_.have_news()) return false;
    if (now.instant - round_at_ >= ack_interval) return true;
    if (keeping_ == Keeping::none) return head_ - round_head_ >= ack_events;
    return committed_ != settled_;
}

std::optional<Instant> Router::next_ack_round() const {
    if (producers_.in_round()) return Instant{};
    if (!producers_.have_news()) return std::nullopt;
    return round_at_ + ack_interval;
}

void Router::start_ack_round(const Moment& now) {
    settled_ = keeping_ == Keeping::none ? round_head_ : committed_;
    round_head_ = head_;
    round_at_ = now.instant;
    producers_.start_round();
}

std::optional<std::uint64_t> Router::next_ack(std::size_t& budget, const Moment& now) {
    return producers_.next_in_round(budget, settled_, head_, now);
}

}  // namespace coven::broker
