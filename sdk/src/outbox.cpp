#include "outbox.hpp"

#include <algorithm>
#include <cstring>

#include "coven/v1/event.pb.h"

namespace coven {

namespace {

// Places of the publisher's three numbers in the tail, each after its two-byte tag.
constexpr std::size_t producer_id_at = 2;
constexpr std::size_t producer_seq_at = 12;
constexpr std::size_t flags_at = 22;

char* tail_of(std::string& frame) { return frame.data() + frame.size() - tail_bytes; }

/// Debian runs protobuf's fixed64 on little-endian machines alone; others would swap here.
std::uint64_t number_at(const char* place) {
    std::uint64_t number = 0;
    std::memcpy(&number, place, sizeof number);
    return number;
}

void put_number(char* place, std::uint64_t number) { std::memcpy(place, &number, sizeof number); }

}  // namespace

Outbox::Outbox(Limits limits, std::uint64_t producer_id)
    : limits_(limits), producer_id_(producer_id) {}

bool Outbox::has_room(std::size_t bytes) const {
    return kept_.size() < limits_.events && bytes_ + bytes <= limits_.bytes;
}

bool Outbox::is_half_empty() const {
    return kept_.size() <= limits_.events / 2 && bytes_ <= limits_.bytes / 2;
}

void Outbox::add(std::string frame) {
    bytes_ += frame.size();
    kept_.push_back(std::move(frame));
}

const std::string* Outbox::unsent() const { return sent_ < kept_.size() ? &kept_[sent_] : nullptr; }

Outbox::News Outbox::acknowledge(const v1::PublishAck& ack, std::uint64_t fresh_id) {
    News news;
    news.new_epoch = ack.bus_epoch() != bus_epoch_ && bus_epoch_ != 0;
    bus_epoch_ = ack.bus_epoch();
    for (const auto& rejected : ack.rejected()) {
        if (rejected.seq() < first_seq_ || rejected.seq() >= first_seq_ + kept_.size()) continue;
        const auto& frame = kept_[rejected.seq() - first_seq_];
        news.refused.push_back({frame.substr(0, frame.find('\0')), rejected.reason()});
    }
    const auto kept_before = kept_.size();
    drop_committed(ack.committed_seq());
    news.progress = kept_.size() != kept_before || ack.expected_seq() > expected_seq_;
    expected_seq_ = ack.expected_seq();
    if (news.new_epoch || (going_back_ && !news.progress)) {
        go_back_to(ack.expected_seq(), fresh_id, news);
    }
    going_back_ = false;
    return news;
}

void Outbox::drop_committed(std::uint64_t committed_seq) {
    while (!kept_.empty() && first_seq_ <= committed_seq) {
        bytes_ -= kept_.front().size();
        kept_.pop_front();
        ++first_seq_;
        ++acknowledged_;
        if (sent_ > 0) --sent_;
    }
}

void Outbox::go_back_to(std::uint64_t expected_seq, std::uint64_t fresh_id, News& news) {
    if (expected_seq < first_seq_) {
        // The broker has forgotten us. What is no longer kept was acknowledged by its predecessor.
        renumber(fresh_id);
        news.new_producer = true;
        return;
    }
    const auto still_sent = std::min<std::size_t>(sent_, expected_seq - first_seq_);
    resent_ += sent_ - still_sent;
    sent_ = still_sent;
}

void Outbox::renumber(std::uint64_t fresh_id) {
    producer_id_ = fresh_id;
    first_seq_ = 1;
    expected_seq_ = 1;
    resent_ += sent_;
    sent_ = 0;
    std::uint64_t seq = first_seq_;
    for (auto& frame : kept_) {
        char* tail = tail_of(frame);
        put_number(tail + producer_id_at, producer_id_);
        put_number(tail + producer_seq_at, seq++);
        const auto flags = number_at(tail + flags_at);
        put_number(tail + flags_at, flags | v1::EVENT_FLAG_MAYBE_DUPLICATE);
    }
}

}  // namespace coven
