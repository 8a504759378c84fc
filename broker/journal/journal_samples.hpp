#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <zmq.hpp>

#include "coven/clock.hpp"
#include "journal/history.hpp"
#include "journal/journal.hpp"

namespace coven::broker {

/// Long enough for a disk that is busy with other tests.
inline constexpr std::chrono::seconds disk_deadline{60};

/// Of a Numbering that was told nothing.
inline constexpr std::uint64_t first_sample_epoch = 10;

/// What the tests of the journal need besides it: frames with the numbers that a broker gives.
class Numbering {
  public:
    explicit Numbering(std::uint64_t bus_epoch = first_sample_epoch, std::uint64_t last_offset = 0)
        : bus_epoch_(bus_epoch), offset_(last_offset) {}

    struct Wish {
        std::string topic = "twitch.chat.xqc.message";
        /// Of the whole frame, at least.
        std::size_t bytes = 200;
        std::uint64_t flags = 0;
        std::uint64_t producer_id = 0;
        std::uint64_t producer_seq = 0;
        /// 0 = now.
        std::uint64_t ingest_us = 0;
        /// Of the Event, serialized, besides `raw` and the tail.
        std::string fields = {};
    };
    std::string next(const Wish& wish);
    std::uint64_t offset() const { return offset_; }
    std::uint64_t bus_epoch() const { return bus_epoch_; }

  private:
    std::uint64_t bus_epoch_;
    std::uint64_t offset_;
    std::map<std::string, std::uint64_t> topic_seqs_;
    SystemClock clock_;
};

/// The number in a frame's tail.
std::uint64_t offset_in(std::string_view frame);

/// A journal with its context, and a loop that does nothing but wait for it.
class OpenJournal {
  public:
    explicit OpenJournal(const Journal::Options& options);
    OpenJournal(const OpenJournal&) = delete;
    OpenJournal& operator=(const OpenJournal&) = delete;

    Journal& operator*() { return *journal_; }
    Journal* operator->() { return journal_.get(); }
    const Recovered& recovered() const { return recovered_; }

    /// The next news of this kind; other news are passed over. Nothing within `disk_deadline`: ends
    /// the test program.
    News next(News::Kind kind);
    /// For a sign of life from the writer; news are passed over.
    void wait();
    /// Waits until all up to `offset` is committed.
    void await(std::uint64_t offset);
    /// Appends one event and waits for its commit, so that it is a block of its own.
    std::uint64_t store(Numbering& numbering, const Numbering::Wish& wish);
    /// All that matches, from one batch after the other.
    std::vector<std::variant<StoredFrame, Truncated>> read(HistoryQuery query);
    /// The same, by the frames' offsets alone, after an offset of the first sample epoch. Holes
    /// must not be there.
    std::vector<std::uint64_t> offsets(const std::string& pattern, std::uint64_t after = 0);

  private:
    void poll();
    bool has_news(Instant limit);

    zmq::context_t context_;
    SystemClock clock_;
    Recovered recovered_;
    std::unique_ptr<Journal> journal_;
};

Journal::Options sample_options(const std::string& folder);
/// "family from-to reason".
std::string text_of(const Truncated& hole);
/// Offsets of frames and texts of holes, in order.
std::vector<std::string> texts_of(const std::vector<std::variant<StoredFrame, Truncated>>& records);

}  // namespace coven::broker
