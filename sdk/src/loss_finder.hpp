#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "coven/v1/bus.pb.h"

namespace coven {

/// The numbers that the broker stamps on an event.
struct Numbers {
    std::uint64_t bus_epoch = 0;
    std::uint64_t offset = 0;
    std::uint64_t topic_seq = 0;
    std::uint64_t prev_offset = 0;
};

/// Finds out from the numbers alone which events of a subscription did not arrive. Pure.
class LossFinder {
  public:
    /// The broker's answer to the subscription: everything after `offset` will be sent. The first
    /// one draws the line; later ones say that the connection is a new one, and keep the line.
    /// `first_offset` is that of the epoch: numbers below it mean the same as in the one before.
    std::vector<v1::Lost> confirm(std::uint64_t bus_epoch, std::uint64_t offset,
                                  std::uint64_t first_offset);
    /// What is missing before this event, at most two things: the end of an epoch, and events of
    /// its topic. An event without an offset has no numbers and no losses.
    std::vector<v1::Lost> arrive(std::string_view topic, const Numbers& numbers);
    /// What is missing of a topic whose newest event is `head`, which was sent before now.
    std::optional<v1::Lost> check(const v1::HeadBeacon& head);

    std::uint64_t bus_epoch() const { return bus_epoch_; }

  private:
    struct Last {
        std::uint64_t offset = 0;
        std::uint64_t topic_seq = 0;
        /// `topic_seq` is that of an event, or of none because there was none.
        bool counted = false;
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using Topics = std::unordered_map<std::string, Last, Hash, std::equal_to<>>;
    /// The first event of a topic in an epoch whose first offset is not known yet.
    struct First {
        std::string topic;
        std::uint64_t prev_offset = 0;
        std::uint64_t topic_seq = 0;
    };

    std::optional<v1::Lost> begin_epoch(std::uint64_t bus_epoch);
    /// An event of an epoch that is placed. Views a key of `topics_`.
    struct Seen {
        std::string_view topic;
        std::uint64_t offset = 0;
        std::uint64_t topic_seq = 0;
    };

    /// What of the epoch before is still numbered as it was.
    void keep_below(std::uint64_t first_offset);
    /// The lowest topic_seq of each topic among what was seen from `first_offset` on; nothing when
    /// more was seen since than is remembered.
    std::unordered_map<std::string_view, std::uint64_t> first_seen_from(
        std::uint64_t first_offset) const;
    void remember(const Seen& seen);
    /// Judges what came before `first_offset` was known.
    void judge_firsts(std::vector<v1::Lost>& losses);
    bool note_first(std::string_view topic, const Numbers& numbers);
    std::optional<v1::Lost> missing(std::string_view topic, const Last& last,
                                    std::uint64_t through_offset, std::uint64_t last_seq) const;
    static Topics::value_type& entry_of(Topics& topics, std::string_view topic);

    /// Before the broker's first answer events may come, but none were promised.
    bool confirmed_ = false;
    std::uint64_t bus_epoch_ = 0;
    /// Nothing up to here was promised to us in this epoch.
    std::uint64_t line_ = 0;
    std::uint64_t newest_offset_ = 0;
    Topics topics_;
    /// The newest events, in a ring: what the broker had not stored when it ended is numbered anew.
    std::vector<Seen> recent_;
    std::size_t next_recent_ = 0;
    /// The epoch began, its first offset is not known yet. Then `topics_` is of the one before.
    bool unplaced_ = false;
    Topics unplaced_topics_;
    std::vector<First> firsts_;
};

}  // namespace coven
