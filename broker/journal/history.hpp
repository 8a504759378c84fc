#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "coven/result.hpp"
#include "coven/topic.hpp"

namespace coven {
class Store;
}

namespace coven::broker {

/// After the event with this number. Numbers compare only within one epoch; a position past the end
/// of its epoch means that end.
struct Position {
    std::uint64_t bus_epoch = 0;
    std::uint64_t offset = 0;
};

/// Events of one family that cannot be shown: at least one numbered from `from` to `to`, both
/// included, is gone; with `purged` each of them is, and was on a topic that was asked for. No
/// range is said twice while reading on from `HistoryBatch::next`.
struct Truncated {
    enum class Reason { retention, corrupt, purged, not_stored };
    std::string family;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    Reason reason = Reason::retention;
};

/// An event as it went out: topic, NUL and Event with its tail.
using StoredFrame = std::string;

struct HistoryQuery {
    /// The oldest event that is kept.
    struct First {};
    /// The oldest event that was numbered at this time or later, in microseconds since the epoch.
    struct Since {
        std::uint64_t unix_us = 0;
    };

    std::vector<Pattern> patterns;
    std::variant<First, Since, Position> from;
    /// Nothing after this offset.
    std::uint64_t until = std::numeric_limits<std::uint64_t>::max();
    std::size_t max_events = 10'000;
    /// Of frames. The first event comes even when it is longer.
    std::size_t max_bytes = std::size_t{512} << 10;
};

struct HistoryBatch {
    /// By offset; a hole stands before any event that is later than its beginning.
    std::vector<std::variant<StoredFrame, Truncated>> records;
    /// Where to ask from next. Nothing is left when it has reached `committed` or `until`.
    Position next;
    /// The newest event that is stored.
    Position committed;
};

/// Reads what a journal has stored while it goes on storing. For one thread at a time, which may be
/// another than the journal's. The journal must outlive it.
class History {
  public:
    /// `store` must outlive this.
    explicit History(const Store& store) : store_(store) {}

    /// One batch, in one short read transaction: the pages it sees cannot be used anew meanwhile.
    /// What is damaged is a Truncated record; fails only when the store cannot be read at all.
    Result<HistoryBatch> read(const HistoryQuery& query) const;

  private:
    const Store& store_;
};

}  // namespace coven::broker
