#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "coven/v1/bus.pb.h"
#include "data_folder.hpp"
#include "journal/journal.hpp"
#include "router.hpp"
#include "state_table.hpp"

namespace coven::broker {

/// Sees to it that what the router numbers is stored, or is said not to be.
///
/// When the disk is full, or the journal has not kept up for two seconds, the epoch ends; events go
/// on in a new one, flagged, without acknowledgements. When there is room again a third epoch
/// begins behind the last event that is stored, and publishers go back to it.
class Storage {
  public:
    struct Parts {
        DataFolder& folder;
        Router& router;
        StateTable& states;
        /// Whether events are stored with `raw`.
        bool keep_raw = true;
    };

    /// Nothing is stored without a `journal`. `parts` must outlive this.
    Storage(const Parts& parts, std::unique_ptr<Journal> journal);
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;

    /// Begins an epoch behind what the journal knew: the first one, or when there is room again.
    Result<void> begin(Recovered recovered, const Moment& now);

    bool has_journal() const { return journal_ != nullptr; }
    /// Only with a journal.
    Journal& journal() { return *journal_; }
    const Journal& journal() const { return *journal_; }
    bool storing() const { return storing_; }
    /// Why events are not stored although there is a journal.
    const std::string& reason() const { return reason_; }
    /// The disk failed: the broker must end, with this reason. Empty = it did not.
    const std::string& failure() const { return failure_; }

    /// False: the journal has as much in flight as it may; no event may be taken now.
    bool takes_events() const { return !storing_ || journal_->has_room(); }
    /// An event as it goes out.
    void append(std::string_view frame);
    /// The same for one that is not to be stored.
    void pass(std::string_view frame);
    /// The end of a turn.
    void flush(const Moment& now);

    /// What the journal tells: moves the router's committed offset, or its epoch.
    void serve(const Moment& now);
    /// When `serve` must be called although the journal tells nothing; nothing = not at all.
    std::optional<Instant> next_look() const;
    /// To be published after the epoch was changed.
    std::optional<v1::Degraded> take_announcement();

    /// Records beside the events. 0 = it cannot be stored now.
    std::uint64_t put(SideTable table, std::string_view key, std::string_view value);
    std::uint64_t erase(SideTable table, std::string_view key);
    /// See Journal. Its ticket is 0 when it cannot be stored now.
    Journal::AskedPurge purge(const v1::JournalPurgeRequest& whom, const Moment& now);
    /// Tickets up to here are stored.
    std::uint64_t stored_ticket() const { return stored_ticket_; }
    /// Those up to here that are not stored never will be.
    std::uint64_t dropped_ticket() const { return dropped_ticket_; }

  private:
    void digest(const News& news, const Moment& now);
    void watch_room(const Moment& now);
    void degrade(const std::string& reason, const Moment& now);
    Result<void> store_again(const Moment& now);
    void regain(const Moment& now);
    void put_refused_marks(const Moment& now);
    void settle_refused_marks();
    void restore_refused_marks(Recovered& recovered);

    Parts parts_;
    std::unique_ptr<Journal> journal_;
    std::string stripped_;
    bool storing_ = false;
    std::string reason_;
    std::string failure_;
    std::optional<v1::Degraded> announcement_;
    /// Since when the journal has no room.
    std::optional<Instant> full_since_;
    /// When to try to store again; nothing = the journal will tell.
    std::optional<Instant> retry_at_;
    std::uint64_t stored_ticket_ = 0;
    std::uint64_t dropped_ticket_ = 0;
    /// Marks on their way to the disk, the oldest first.
    struct PutMark {
        std::uint64_t ticket;
        std::uint64_t producer_id;
        std::uint64_t seq;
    };
    std::deque<PutMark> put_marks_;
};

}  // namespace coven::broker
