#include "steady_publisher.hpp"

#include <algorithm>

#include "announcements.hpp"
#include "coven/event.hpp"
#include "frame_samples.hpp"

namespace coven::broker {

namespace {

constexpr int most_silent_seconds = 60;

}  // namespace

SteadyPublisher::SteadyPublisher(const Endpoints& doors, std::uint64_t producer_id,
                                 std::string topic, std::size_t event_bytes)
    : producer_id_(producer_id), topic_(std::move(topic)), event_bytes_(event_bytes) {
    connect(doors);
}

void SteadyPublisher::connect(const Endpoints& doors) {
    publisher_ = std::make_unique<Publisher>(doors);
    acks_ = std::make_unique<Reader>(doors);
    take(acks_->ask_ack(producer_id_));
}

void SteadyPublisher::send() {
    auto event = sample_event();
    event.set_raw(std::string(event_bytes_, 'x'));
    set_tail(event, producer_id_, ++sent_);
    auto frame = frame_of(topic_, event);
    publisher_->send(frame);
    kept_.emplace(sent_, std::move(frame));
    take_acks();
}

void SteadyPublisher::take_acks() {
    while (const auto frame = acks_->next(std::chrono::milliseconds(0))) {
        if (topic_of(*frame) == ack_topic(producer_id_)) take(body_of<v1::PublishAck>(*frame));
    }
}

void SteadyPublisher::take(const v1::PublishAck& ack) {
    betrayed_ = betrayed_ || ack.committed_seq() < acked_;
    const bool new_epoch = ack.bus_epoch() > bus_epoch_;
    bus_epoch_ = ack.bus_epoch();
    expected_ = ack.expected_seq();
    acked_ = std::max(acked_, ack.committed_seq());
    kept_.erase(kept_.begin(), kept_.upper_bound(acked_));
    if (new_epoch && expected_ <= sent_) go_back();
}

void SteadyPublisher::go_back() {
    for (auto kept = kept_.lower_bound(expected_); kept != kept_.end(); ++kept) {
        publisher_->send(kept->second);
        ++sent_again_;
    }
}

void SteadyPublisher::settle() {
    for (int silent_seconds = 0; acked_ < sent_ && silent_seconds < most_silent_seconds;) {
        const auto frame = acks_->next(std::chrono::seconds(1));
        if (frame && topic_of(*frame) == ack_topic(producer_id_)) {
            take(body_of<v1::PublishAck>(*frame));
        }
        if (frame) continue;
        ++silent_seconds;
        take(acks_->ask_ack(producer_id_));
    }
}

}  // namespace coven::broker
