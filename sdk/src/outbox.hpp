#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "coven/v1/bus.pb.h"

namespace coven {

/// Bytes of an event's tail: producer_id, producer_seq, flags and the broker's five numbers.
inline constexpr std::size_t tail_bytes = 80;

/// What a publisher keeps until the broker has acknowledged it, and what it sends next. Pure: no
/// socket, no clock. The rules are those of docs/wire.md, "Publishing".
class Outbox {
  public:
    struct Limits {
        std::size_t events = 20'000;
        std::size_t bytes = 32u << 20;
    };
    struct Refused {
        std::string topic;
        std::string reason;
    };
    struct News {
        bool progress = false;
        /// The broker has started a new epoch.
        bool new_epoch = false;
        /// Acknowledgements are asked for under another id from now on.
        bool new_producer = false;
        std::vector<Refused> refused;
    };

    Outbox(Limits limits, std::uint64_t producer_id);

    std::uint64_t producer_id() const { return producer_id_; }
    /// The number that the next frame must carry.
    std::uint64_t next_seq() const { return first_seq_ + kept_.size(); }
    bool has_room(std::size_t bytes) const;
    bool is_half_empty() const;
    bool empty() const { return kept_.empty(); }
    std::size_t size() const { return kept_.size(); }
    std::size_t bytes() const { return bytes_; }
    /// Since the start.
    const std::uint64_t& acknowledged() const { return acknowledged_; }
    const std::uint64_t& resent() const { return resent_; }

    /// Keeps a whole frame, which ends in a tail with `producer_id()` and `next_seq()`.
    void add(std::string frame);
    /// The next frame that was not sent since the last going back; nullptr when there is none.
    const std::string* unsent() const;
    std::size_t count_unsent() const { return kept_.size() - sent_; }
    void mark_sent() { ++sent_; }

    /// Drops what is committed; goes back when the broker has started a new epoch. `fresh_id` is
    /// taken when it wants what is no longer kept.
    News acknowledge(const v1::PublishAck& ack, std::uint64_t fresh_id);
    /// There was no progress for a while: everything after the last acknowledged event is sent
    /// again once the broker has said what it expects.
    void expect_to_go_back() { going_back_ = true; }

  private:
    void drop_committed(std::uint64_t committed_seq);
    void go_back_to(std::uint64_t expected_seq, std::uint64_t fresh_id, News& news);
    void renumber(std::uint64_t fresh_id);

    Limits limits_;
    std::uint64_t producer_id_;
    std::uint64_t first_seq_ = 1;
    std::deque<std::string> kept_;
    std::size_t bytes_ = 0;
    /// How many of `kept_` were sent.
    std::size_t sent_ = 0;
    std::uint64_t acknowledged_ = 0;
    std::uint64_t resent_ = 0;
    std::uint64_t bus_epoch_ = 0;
    std::uint64_t expected_seq_ = 1;
    bool going_back_ = false;
};

}  // namespace coven
