#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "journal/block.hpp"
#include "journal/retention.hpp"
#include "journal/tables.hpp"

namespace coven::broker {

/// The families of a journal as the writer's thread knows them, ahead of the store by what its
/// running transaction has not committed.
class FamilyTable {
  public:
    struct Oldest {
        std::uint64_t offset = 0;
        /// When the last event of the oldest block came.
        std::uint64_t us = 0;
    };
    struct Family {
        FamilyRecord record;
        /// Nullopt: it holds nothing.
        std::optional<Oldest> oldest;
        /// Its newest block, when that stands for events that are not stored: more of them are
        /// added to it, as long as it is known.
        std::optional<BlockHeader> open_hole{};
        bool changed = false;
        std::uint64_t removed_events = 0;
        std::uint64_t removed_bytes = 0;
    };
    using Families = std::map<std::string, Family, std::less<>>;

    /// In place of what was known. Fails when a record is damaged.
    Result<void> load(const StoreReader& reader);
    /// A new one gets the next id.
    Family& of(std::string_view name);
    /// Writes what has changed.
    StoreResult<void> save(StoreWriter& writer);
    Families& all() { return families_; }
    const Families& all() const { return families_; }

  private:
    Families families_;
};

/// Removes whole blocks that are beyond their limits at `now_us`, the oldest of a family first,
/// until about `budget` bytes are gone.
StoreResult<void> remove_expired(StoreWriter& writer, FamilyTable& families,
                                 const Retention& retention, std::uint64_t now_us,
                                 std::uint64_t budget, std::uint64_t last_offset);

}  // namespace coven::broker
