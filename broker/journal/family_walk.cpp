#include "journal/family_walk.hpp"

#include <algorithm>
#include <utility>

#include "journal/tail_view.hpp"

namespace coven::broker {

namespace {

FamilyId id_of(const FamilyRecord& record) { return static_cast<FamilyId>(record.id); }

std::optional<BlockKey> key_at(const StoreCursor& cursor, const FamilyRecord& record) {
    const auto key = BlockKey::read(cursor.key());
    if (!key || key->family() != id_of(record)) return std::nullopt;
    return key;
}

/// The first whole block that begins at `offset` or later, or nullopt.
StoreResult<std::optional<BlockHeader>> whole_block_from(StoreCursor& cursor,
                                                         const FamilyRecord& record,
                                                         std::uint64_t offset) {
    auto found = cursor.seek(BlockKey(id_of(record), offset).bytes());
    for (; found.has_value() && *found; found = cursor.next()) {
        const auto key = key_at(cursor, record);
        if (!key) break;
        const auto block = read_block(*key, cursor.value());
        if (block.has_value()) return std::optional<BlockHeader>(block->header);
    }
    if (found.has_error()) return found.error();
    return std::optional<BlockHeader>();
}

}  // namespace

StoreResult<FamilyWalk> FamilyWalk::open(const StoreReader& reader, const std::string& name,
                                         const FamilyRecord& record, Range range,
                                         const IsWanted& wanted, std::uint64_t& budget) {
    auto cursor = StoreCursor::open(reader, table::blocks);
    if (cursor.has_error()) return cursor.error();
    FamilyWalk walk(std::move(*cursor), name, record, range, wanted, budget);
    const auto sought = walk.seek();
    if (sought.has_error()) return sought.error();
    return walk;
}

FamilyWalk::FamilyWalk(StoreCursor cursor, const std::string& name, const FamilyRecord& record,
                       Range range, const IsWanted& wanted, std::uint64_t& budget)
    : cursor_(std::move(cursor)),
      name_(name),
      record_(record),
      range_(range),
      wanted_(&wanted),
      budget_(&budget),
      seen_(range.after) {}

std::optional<BlockKey> FamilyWalk::key() const { return key_at(cursor_, record_); }

/// To the block that may hold the first offset of the range, and to the first item.
StoreResult<void> FamilyWalk::seek() {
    const auto wanted = BlockKey(id_of(record_), range_.after + 1);
    const auto found = cursor_.seek(wanted.bytes());
    if (found.has_error()) return found.error();
    bool stands = *found;
    if (!stands || cursor_.key() != wanted.bytes()) {
        // The one before may reach into the range.
        const auto before = stands ? cursor_.previous() : cursor_.last();
        if (before.has_error()) return before.error();
        if (*before && key()) {
            stands = true;
        } else if (stands) {
            const auto again = cursor_.seek(wanted.bytes());
            if (again.has_error()) return again.error();
        }
    }
    on_block_ = stands && key();
    if (record_.removed_to <= range_.after) return advance();
    seen_ = record_.removed_to;
    const auto from = std::max(range_.after + 1, record_.first_offset);
    item_ = FamilyItem{FamilyItem::Kind::removed, from, record_.removed_to, {}};
    return {};
}

bool FamilyWalk::take_wanted() {
    while (const auto entry = frames_.next()) {
        const auto offset = TailView(entry->frame).offset();
        if (offset <= range_.after) continue;
        if (offset > range_.until) break;
        if (!(*wanted_)(topic_in(entry->frame))) continue;
        const bool whole = entry->kind == BlockEntry::Kind::event;
        const auto kind = whole ? FamilyItem::Kind::frame : FamilyItem::Kind::purged;
        item_ = FamilyItem{kind, offset, offset, entry->frame};
        return true;
    }
    return false;
}

StoreResult<void> FamilyWalk::advance() {
    item_ = std::exchange(held_, std::nullopt);
    if (item_) return {};
    while (!take_wanted()) {
        if (!on_block_) {
            miss(record_.last_offset);
            return {};
        }
        if (*budget_ == 0 && seen_ > range_.after) {
            item_ = FamilyItem{FamilyItem::Kind::pause, seen_, seen_, {}};
            return {};
        }
        auto stepped = next_block();
        if (stepped.has_error() || item_) return stepped;
    }
    return {};
}

/// Looks into the block that the cursor stands on, and moves it to the next one. A block that is
/// damaged, or cannot be found, is missed by the next one that is whole.
StoreResult<void> FamilyWalk::next_block() {
    *budget_ -= std::min<std::uint64_t>(*budget_, cursor_.value().size());
    const auto block = read_block(*key(), cursor_.value());
    const auto more = cursor_.next();
    if (more.has_error()) return more.error();
    on_block_ = *more && key();
    if (block.has_error() || block->header.last_offset <= seen_) return {};
    const auto& header = block->header;
    miss(header.previous_offset);
    if (header.first_offset > range_.until) {
        seen_ = range_.until;
        on_block_ = false;
        return {};
    }
    if (block->entries.empty()) {
        pass_over(header);
        return {};
    }
    frames_ = FrameWalk(block->entries);
    seen_ = std::min(header.last_offset, range_.until);
    return {};
}

/// The events of this block were not to be stored. A hole before it comes first.
void FamilyWalk::pass_over(const BlockHeader& header) {
    const auto from = std::max(seen_ + 1, header.first_offset);
    seen_ = std::min(header.last_offset, range_.until);
    auto& place = item_ ? held_ : item_;
    place = FamilyItem{FamilyItem::Kind::not_stored, from, seen_, {}};
}

/// The family had events up to `offset`, which cannot be found.
void FamilyWalk::miss(std::uint64_t offset) {
    const auto to = std::min(offset, range_.until);
    if (to <= seen_) return;
    item_ = FamilyItem{FamilyItem::Kind::damaged, seen_ + 1, to, {}};
    seen_ = to;
}

StoreResult<std::uint64_t> offset_before(const StoreReader& reader, const FamilyRecord& record,
                                         std::uint64_t since_us, std::uint64_t last) {
    auto cursor = StoreCursor::open(reader, table::blocks);
    if (cursor.has_error()) return cursor.error();
    if (since_us <= record.removed_to_us) return std::uint64_t{0};
    // Smallest offset at or behind which the first whole block ends in time.
    std::uint64_t low = record.removed_to + 1;
    std::uint64_t high = last + 1;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto block = whole_block_from(*cursor, record, middle);
        if (block.has_error()) return block.error();
        if (!*block || (*block)->last_us >= since_us) {
            high = middle;
        } else {
            low = (*block)->last_offset + 1;
        }
    }
    // Damaged blocks before that one count as later: what they held is not known.
    const auto found = cursor->seek(BlockKey(id_of(record), low).bytes());
    if (found.has_error()) return found.error();
    const auto key = *found ? key_at(*cursor, record) : std::nullopt;
    if (!key) return last;
    const auto block = read_block(*key, cursor->value());
    if (block.has_error()) return low - 1;
    FrameWalk frames(block->entries);
    while (const auto entry = frames.next()) {
        const TailView tail(entry->frame);
        if (tail.ingest_us() >= since_us) return tail.offset() - 1;
    }
    return low - 1;
}

}  // namespace coven::broker
