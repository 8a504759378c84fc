#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zmq.hpp>

#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "coven/v1/privacy.pb.h"
#include "journal/chunk.hpp"
#include "journal/deletion_numbers.hpp"
#include "journal/purged_state.hpp"
#include "journal/recovered.hpp"
#include "journal/retention.hpp"

namespace coven {
class Store;
}

namespace coven::broker {

/// What `Committed` promises of the events up to it.
enum class Durability {
    /// They survive the crash of any process, and of the machine if its disk honours flushes.
    commit,
    /// They survive the crash of any process. They are flushed every `sync_interval`; a power cut
    /// before that may not only lose them: pages reach the disk in any order, so it may leave a
    /// journal that cannot be opened any more at all.
    interval,
};

/// Tables for records of the loop's own.
enum class SideTable { cursors, commands, marks, channels };

/// What became of what was handed over. Each says the state after all before it.
struct News {
    enum class Kind {
        /// All up to `offset` and `ticket` is stored, as durable as was asked for.
        committed,
        /// The disk or the map is full, `reason` says which: what was in flight, puts up to
        /// `ticket`
        /// among it, is dropped, so is all that follows until the next `start_epoch`. `offset` is
        /// the last that is stored.
        no_room,
        /// Puts up to `ticket` came without room and are not stored.
        dropped,
        /// There is room again: `start_epoch` may be tried.
        room_again,
        /// The disk failed, `reason` says how. What was in flight may or may not be there after a
        /// restart; nothing more is ever committed.
        failed,
    };
    Kind kind = Kind::committed;
    std::uint64_t offset = 0;
    std::uint64_t ticket = 0;
    /// Events and bytes that this is about.
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::string reason;
};

/// What one family holds.
struct FamilyNumbers {
    std::string family;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    /// 0 = it holds nothing.
    std::uint64_t oldest_offset = 0;
    /// Removed by retention since the journal was opened.
    std::uint64_t removed_events = 0;
    std::uint64_t removed_bytes = 0;
};

struct JournalNumbers {
    std::uint64_t commits = 0;
    Duration commit_time{};
    std::size_t bytes_in_flight = 0;
    std::uint64_t file_bytes = 0;
    /// Smallest of all families; 0 = nothing is stored.
    std::uint64_t oldest_offset = 0;
    /// As of the last second.
    std::vector<FamilyNumbers> families;
    DeletionNumbers deletions;
};

class History;
class JournalWriter;
struct JournalReport;

/// Keeps numbered events on disk, in groups, by a thread of its own. All of this is for the loop's
/// thread, which never waits for the disk here but in `open`, `start_epoch` and the destructor.
///
/// Bounds: `max_bytes_in_flight` of events handed over and not yet committed. Beyond that
/// `has_room` is false and it is on the loop to take no more; what is appended all the same is
/// kept.
class Journal {
  public:
    struct Options {
        /// Made if it is not there. Nobody else may have it open.
        std::string folder;
        Durability durability = Durability::commit;
        /// Between the beginnings of two commits, unless a chunk (128 KiB) is full before; an event
        /// that comes later than that after the last commit is committed at once.
        std::chrono::milliseconds commit_interval{5};
        std::chrono::milliseconds sync_interval{1000};
        /// A commit takes at most half of it.
        std::size_t max_bytes_in_flight = std::size_t{16} << 20;
        /// Upper limit of the file; only address space until it is used. A whole number of pages.
        std::size_t map_bytes = std::size_t{64} << 30;
        /// Between looks for room when there was none.
        std::chrono::milliseconds retry_interval{1000};
        Retention retention;
        /// Messages that an event deletes are forgotten, as far as they are stored within
        /// `deletion_window` before it.
        bool honour_deletes = false;
    };

    /// Fails when the folder cannot be used: in use, not writable, broken, of a newer version.
    /// `context` and `clock` must outlive it; `clock` is read from two threads and waited for, so
    /// it has to be the system's.
    static Result<std::unique_ptr<Journal>> open(zmq::context_t& context, const Clock& clock,
                                                 const Options& options, Recovered& recovered);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    /// Commits what was appended, however long the disk takes.
    ~Journal();

    /// Stored, and as durable as `Options::durability` says, when it returns. Before any append,
    /// and again after room_again. `bus_epoch` is greater than all before, `first_offset` one more
    /// than the last that is stored. Fails when the disk does, or when nothing came of it in 30 s.
    Result<void> start_epoch(std::uint64_t bus_epoch, std::uint64_t first_offset);

    /// What `open` told, as of the last commit. Reads the disk.
    Result<Recovered> recovered(std::uint64_t now_us) const;

    /// An event as it goes out: `frame` with its tail, or without and `tail` (80 bytes) apart. The
    /// bytes are copied. Offsets are dense, beginning with the first of `start_epoch`. Ignored
    /// between no_room and the next `start_epoch`, and after failed.
    void append(std::string_view frame, std::string_view tail = {});

    /// The same for an event that is not to be stored: its numbers are, so that those of its topic,
    /// its producer and the bus go on after a restart, and readers are told of the hole. `frame`
    /// ends with its tail.
    void pass(std::string_view frame);

    /// Stored together with, and not before, the events appended before it. Its ticket: news name
    /// the highest that is committed, or dropped. `key` has 1 to 255 bytes, `value` at most 1 MiB.
    std::uint64_t put(SideTable table, std::string_view key, std::string_view value);
    std::uint64_t erase(SideTable table, std::string_view key);
    /// As of the last commit. `visit` gets key and value; they are valid during the call. Records
    /// whose checksum is wrong are not shown; the error names the first of them, after the rest was
    /// shown.
    Result<void> for_each(
        SideTable table,
        const std::function<void(std::string_view key, std::string_view value)>& visit) const;

    /// Forgets, in the background and over restarts, the events of a user up to those appended
    /// before it, and what they leave in the file. `whom` must be right (see `person_in`). Stored
    /// like a put. Its number is greater than those before it.
    struct AskedPurge {
        std::uint64_t number = 0;
        std::uint64_t ticket = 0;
    };
    AskedPurge purge(const v1::JournalPurgeRequest& whom, std::uint64_t now_us);
    /// Those that are not done, and the last that are; as of some 100 ms ago.
    const std::vector<v1::Purge>& purges() const { return purges_; }
    /// States that purges forgot since this was asked last.
    std::vector<PurgedState> take_purged_states() {
        return std::exchange(purged_states_, std::vector<PurgedState>());
    }

    /// The end of a turn: hands over what was gathered if the writer is ready for it; `take_news`
    /// does so, too. Costs nothing when there is nothing.
    void flush();
    /// When to flush again at the latest; nothing = when there is news.
    std::optional<Instant> next_flush() const;
    /// False: take no more events for now.
    bool has_room() const { return bytes_in_flight_ < options_.max_bytes_in_flight; }

    /// To poll for reading; only for that.
    zmq::socket_t& news() { return socket_; }
    /// To be called until it gives nothing, when `news` is readable, and at least once a turn.
    std::optional<News> take_news();

    /// A reader for another thread, one thread at a time; it must die before this journal does.
    std::unique_ptr<History> history() const;

    JournalNumbers numbers() const;

  private:
    Journal(zmq::context_t& context, const Clock& clock, const Options& options,
            std::unique_ptr<Store> store);
    Chunk& chunk_for(std::size_t bytes);
    /// Space in a chunk for an entry that is not an event, and gets the last ticket.
    char* add_entry(Chunk::Kind kind, std::size_t length);
    std::uint64_t add_side(Chunk::Kind kind, SideTable table, std::string_view key,
                           std::string_view value);
    void hand_over();
    void receive();
    void digest(JournalReport& report);

    const Clock& clock_;
    Options options_;
    std::unique_ptr<Store> store_;
    zmq::socket_t socket_;
    std::unique_ptr<JournalWriter> writer_;
    std::unique_ptr<Chunk> gathering_;
    std::vector<std::unique_ptr<Chunk>> spare_;
    std::deque<News> news_;
    std::vector<v1::Purge> purges_;
    std::vector<PurgedState> purged_states_;
    JournalNumbers numbers_;
    std::size_t bytes_in_flight_ = 0;
    std::uint64_t last_ticket_ = 0;
    std::uint64_t last_purge_ = 0;
    /// Chunks that the writer has.
    std::size_t chunks_away_ = 0;
    Instant writer_ready_at_{};
    std::optional<Result<void>> epoch_started_;
    bool storing_ = false;
};

}  // namespace coven::broker
