#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "drops.hpp"
#include "epochs.hpp"
#include "frame.hpp"
#include "journal/recovered.hpp"
#include "kept_families.hpp"
#include "moment.hpp"
#include "producers.hpp"
#include "quiet_topics.hpp"
#include "topic_table.hpp"

namespace coven::broker {

/// Decides what becomes of each event: refuses it, or numbers it. No sockets, no clock.
class Router {
  public:
    struct Limits {
        std::size_t max_event_bytes = std::size_t{64} << 10;
        std::size_t max_topics = 1'000'000;
        Producers::Limits producers;
        KeptFamilies kept{};
    };
    enum class From { publisher, broker };
    enum class Outcome {
        /// Numbered in place: goes out as it is.
        stamped,
        /// Numbered, but the frame had no tail: goes out with `tail()` behind it.
        tail_needed,
        dropped,
    };

    /// What becomes of an event after it was handed on, and so when it is acknowledged.
    enum class Keeping {
        /// Nothing: the ack means "handed to the live stream".
        none,
        /// It is stored: acknowledged with `commit`.
        stored,
        /// It should be and cannot: flagged, never acknowledged.
        missed,
    };

    /// `drops` must outlive this.
    Router(std::uint64_t bus_epoch, const Limits& limits, Drops& drops);
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    /// Writes into `bytes` only when the outcome is `stamped`.
    Outcome take(std::span<char> bytes, From from, const Moment& now);
    /// Of the event taken last.
    const Tail& tail() const { return tail_; }
    /// The same: EventFlag bits, with our own.
    std::uint64_t flags() const { return flags_; }
    const std::string& topic() const { return topic_->name; }
    /// The same: what it tells is stored, or would be.
    bool is_kept() const { return topic_->kept; }

    /// Events are numbered in this epoch from now on, from `first_offset` on.
    void begin_epoch(const Epoch& epoch, Keeping keeping);
    /// Sets topics and publishers to what a journal has of them, and the head and what is committed
    /// to its last offset.
    void restore(const Recovered& recovered, const Moment& now);
    /// The end of a turn: what was taken in it will be acknowledged together.
    void end_turn() { producers_.stage(head_); }
    /// Everything up to `offset` is stored.
    void commit(std::uint64_t offset) { committed_ = offset; }
    Keeping keeping() const { return keeping_; }

    std::uint64_t bus_epoch() const { return epochs_.running().bus_epoch; }
    const Epochs& epochs() const { return epochs_; }
    /// The journal's oldest event.
    void forget_epochs_before(std::uint64_t oldest) { epochs_.forget_before(oldest); }
    /// Offset of the newest event; 0 = none.
    std::uint64_t head() const { return head_; }
    /// Offset up to which events are stored; without a journal all that were handed on count.
    std::uint64_t committed() const { return keeping_ == Keeping::none ? head_ : committed_; }
    /// Events that were numbered since the start.
    std::uint64_t events() const { return events_; }
    /// Bytes of the numbered events, with their tails.
    std::uint64_t bytes() const { return bytes_; }

    /// The next ack round may start: 50 ms after the one before; sooner after 1000 events, or with
    /// a journal after each commit.
    bool ack_round_due(const Moment& now) const;
    /// When to look again for a round; nullopt = no publisher waits for anything.
    std::optional<Instant> next_ack_round() const;
    void start_ack_round(const Moment& now);
    /// See Producers::next_in_round.
    std::optional<std::uint64_t> next_ack(std::size_t& budget, const Moment& now);

    Producers& producers() { return producers_; }
    const Producers& producers() const { return producers_; }
    const TopicTable& topics() const { return topics_; }
    QuietTopics& quiet_topics() { return quiet_topics_; }
    const QuietTopics& quiet_topics() const { return quiet_topics_; }

  private:
    TopicEntry& add_topic(std::string_view name);
    /// Null for a topic that is new, or that `frame.fault` now refuses.
    TopicEntry* topic_of(Frame& frame, From from);
    Outcome drop(Drop reason);
    Outcome number(std::span<char> bytes, const Frame& frame, TopicEntry& topic, const Moment& now);

    Epochs epochs_;
    Keeping keeping_ = Keeping::none;
    std::size_t max_event_bytes_;
    KeptFamilies kept_;
    Drops& drops_;
    TopicTable topics_;
    Producers producers_;
    QuietTopics quiet_topics_;
    Tail tail_{};
    std::uint64_t flags_ = 0;
    const TopicEntry* topic_ = nullptr;
    std::uint64_t head_ = 0;
    std::uint64_t committed_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t bytes_ = 0;
    Instant round_at_{};
    std::uint64_t round_head_ = 0;
    /// Events up to here count as committed for acks: those that are stored, or without a journal
    /// the head of the round before. What was handed to ZeroMQ later may still be in our own
    /// buffers, where a kill -9 would catch it.
    std::uint64_t settled_ = 0;
};

}  // namespace coven::broker
