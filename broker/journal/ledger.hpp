#pragma once

#include <cstdint>
#include <vector>

#include "coven/store.hpp"
#include "journal/family_table.hpp"
#include "journal/gathering.hpp"
#include "journal/journal.hpp"
#include "journal/purges.hpp"
#include "journal/retention.hpp"

namespace coven::broker {

/// What a journal stores, transaction by transaction. No thread and no sockets of its own; after
/// an error the store is as it was before.
class Ledger {
  public:
    /// `store` must outlive this.
    Ledger(Store& store, Retention retention) : store_(store), retention_(std::move(retention)) {}

    /// Before anything else. Fails when what everything rests on is damaged.
    Result<void> load();
    /// All of it in one transaction, and removes what is too old by `now_us` at twice the rate.
    StoreResult<void> commit(const Gathering& gathering, std::uint64_t now_us);
    /// From here on events have this epoch. On disk when it returns, whatever the store's Sync.
    Result<void> start_epoch(std::uint64_t bus_epoch, std::uint64_t first_offset);
    /// Removes some of what is too old. Writes nothing when nothing is.
    StoreResult<void> expire(std::uint64_t now_us);
    /// Whether `bytes` can be stored: stores as many and removes them again, so that they belong to
    /// the file from then on.
    StoreResult<void> make_room(std::uint64_t bytes);

    /// Does a part of what purges have left to do, some milliseconds' worth. The states that it
    /// forgot.
    StoreResult<std::vector<PurgedState>> purge(std::uint64_t now_us);

    const Purges& purges() const { return purges_; }
    const LastRecord& last() const { return last_; }
    const FamilyTable& families() const { return families_; }

  private:
    StoreResult<void> write(StoreWriter& writer, const Gathering& gathering, std::uint64_t now_us);
    StoreResult<std::uint64_t> write_blocks(StoreWriter& writer, const Gathering& gathering);
    StoreResult<void> write_block(StoreWriter& writer, const Gathering::Family& gathered,
                                  const Gathering::Block& block, FamilyTable::Family& family);
    StoreResult<void> begin_purges(StoreWriter& writer, const Gathering& gathering,
                                   std::uint64_t now_us);
    StoreResult<Purges::Slice> search(StoreWriter& writer);
    StoreResult<void> wipe(std::uint64_t now_us);
    /// After a transaction that came to nothing.
    void forget();

    Store& store_;
    Retention retention_;
    FamilyTable families_;
    LastRecord last_;
    Purges purges_;
    std::optional<Store::Wiping> wiping_;
};

}  // namespace coven::broker
