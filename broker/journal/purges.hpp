#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/store.hpp"
#include "coven/v1/privacy.pb.h"
#include "journal/block.hpp"
#include "journal/deletion_numbers.hpp"
#include "journal/family_table.hpp"
#include "journal/person.hpp"
#include "journal/purged_state.hpp"

namespace coven::broker {

/// Forgets people's events, a slice at a time, one purge after the other. How far it is stands in
/// the store together with what it did, so it goes on there after a crash. For the writer's thread.
class Purges {
  public:
    /// What a slice came to.
    struct Slice {
        /// Something is to be committed.
        bool changed = false;
        std::vector<PurgedState> states;
    };

    /// In place of what was known. Fails when the store cannot be read.
    Result<void> load(const StoreReader& reader);
    /// `asked` is a StoredPurge; it looks at what is stored up to `until`.
    StoreResult<void> begin(StoreWriter& writer, const FamilyTable& families,
                            std::string_view asked, std::uint64_t until);

    /// Frames of events that delete messages: they are looked for together, soon.
    StoreResult<void> delete_by(StoreWriter& writer, FamilyTable& families,
                                const std::vector<std::string_view>& frames, std::uint64_t until,
                                std::uint64_t now_us);
    const DeletionNumbers& deletions() const { return deletions_; }

    /// Nothing is left to do.
    bool idle() const { return current() == nullptr; }
    /// The next thing to do is to wipe what is free in the file, by `Store::wipe`.
    bool is_wiping() const;
    /// Looks at some blocks or states.
    StoreResult<Slice> search(StoreWriter& writer, FamilyTable& families);
    /// Stores how far it is once more.
    StoreResult<void> touch(StoreWriter& writer);
    /// The purge that was wiping is done.
    StoreResult<void> finish(StoreWriter& writer, std::uint64_t now_us);

    /// By number, without deletions.
    std::vector<v1::Purge> all() const;

  private:
    const v1::StoredPurge* current() const;
    v1::StoredPurge* current();
    OwnEvents& owner(const v1::StoredPurge& purge);
    PayloadTexts& texts();
    StoreResult<v1::StoredPurge*> gather_deletions(StoreWriter& writer, FamilyTable& families,
                                                   const std::string& topic, std::uint64_t until,
                                                   std::uint64_t now_us);
    bool may_hold_condemned(const v1::StoredPurge& purge, std::string_view bytes);
    StoreResult<void> end_deletions(StoreWriter& writer, v1::StoredPurge& purge);
    StoreResult<void> search_blocks(StoreWriter& writer, FamilyTable& families,
                                    v1::StoredPurge& purge, Slice& slice);
    struct Found {
        /// There may be more blocks to look at.
        bool more = false;
        std::optional<BlockKey> key{};
        std::string_view stored{};
    };
    StoreResult<Found> find_block(const StoreReader& reader, const v1::StoredPurge& purge,
                                  std::string& next, std::uint64_t& looked_at);
    StoreResult<bool> search_block(StoreWriter& writer, FamilyTable& families,
                                   v1::StoredPurge& purge, const BlockKey& key,
                                   std::string_view stored);
    StoreResult<void> search_states(StoreWriter& writer, v1::StoredPurge& purge, Slice& slice);
    void end_search(v1::StoredPurge& purge);
    bool is_condemned(v1::StoredPurge& purge, std::string_view frame);
    StoreResult<void> keep(StoreWriter& writer, const v1::StoredPurge& purge);
    StoreResult<void> forget_oldest_done(StoreWriter& writer);

    std::map<std::uint64_t, v1::StoredPurge> purges_;
    std::unique_ptr<PayloadTexts> texts_;
    std::optional<OwnEvents> owner_;
    /// Whose `owner_` is.
    std::uint64_t owner_number_ = 0;
    /// Looked at since how far it is was stored.
    std::uint64_t unsaved_bytes_ = 0;
    DeletionNumbers deletions_;
};

}  // namespace coven::broker
