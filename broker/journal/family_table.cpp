#include "journal/family_table.hpp"

#include <algorithm>

#include "journal/block.hpp"

namespace coven::broker {

namespace {

using Family = FamilyTable::Family;

FamilyId id_of(const Family& family) { return static_cast<FamilyId>(family.record.id); }

/// Where the cursor's block stands, if it is one of `family`.
std::optional<BlockKey> key_at(const StoreCursor& cursor, const Family& family) {
    const auto key = BlockKey::read(cursor.key());
    if (!key || key->family() != id_of(family)) return std::nullopt;
    return key;
}

/// The oldest block of `family`: the cursor stands on it.
StoreResult<std::optional<BlockKey>> seek_oldest(StoreCursor& cursor, const Family& family) {
    const auto found = cursor.seek(BlockKey(id_of(family), 0).bytes());
    if (found.has_error()) return found.error();
    return *found ? key_at(cursor, family) : std::nullopt;
}

FamilyTable::Oldest oldest_at(const BlockKey& key, std::string_view stored) {
    // A block whose header is damaged is as old as can be.
    const auto header = peek_block(key, stored);
    return {key.first_offset(), header ? header->last_us : 0};
}

bool is_expired(const Family& family, const Retention::Limit& limit, std::uint64_t now_us) {
    if (!family.oldest) return false;
    if (limit.bytes && family.record.bytes > *limit.bytes) return true;
    if (!limit.age) return false;
    const auto age = static_cast<std::uint64_t>(limit.age->count()) * 1'000'000;
    return family.oldest->us + age < now_us;
}

/// Notes that the block under `key` is gone; its events were numbered up to `last_offset` at most.
void count_removed(Family& family, const BlockKey& key, std::string_view stored) {
    const auto header = peek_block(key, stored);
    const auto bytes = std::min(stored_bytes(stored.size()), family.record.bytes);
    const auto events = std::min<std::uint64_t>(header ? header->count : 0, family.record.events);
    family.record.bytes -= bytes;
    family.record.events -= events;
    family.removed_bytes += bytes;
    family.removed_events += events;
    const auto removed_to = header ? header->last_offset : key.first_offset();
    family.record.removed_to = std::max(family.record.removed_to, removed_to);
    if (header) family.record.removed_to_us = header->last_us;
    family.changed = true;
}

/// The cursor stands on the oldest block, and then on the next one, if there is any.
StoreResult<void> remove_block(StoreCursor& cursor, Family& family, std::uint64_t last_offset) {
    const auto key = key_at(cursor, family);
    const bool damaged = !peek_block(*key, cursor.value());
    const auto& hole = family.open_hole;
    if (hole && hole->first_offset == key->first_offset()) family.open_hole.reset();
    count_removed(family, *key, cursor.value());
    const auto erased = cursor.erase();
    if (erased.has_error()) return erased.error();
    const auto more = cursor.next();
    if (more.has_error()) return more.error();
    const auto next = *more ? key_at(cursor, family) : std::nullopt;
    family.oldest.reset();
    if (next) family.oldest = oldest_at(*next, cursor.value());
    // What it held cannot be told any more, but that it ended before the next one can.
    if (damaged) family.record.removed_to = next ? next->first_offset() - 1 : last_offset;
    return {};
}

}  // namespace

Result<void> FamilyTable::load(const StoreReader& reader) {
    auto before = std::move(families_);
    families_.clear();
    auto records = StoreCursor::open(reader, table::families);
    if (records.has_error()) return records.error();
    auto blocks = StoreCursor::open(reader, table::blocks);
    if (blocks.has_error()) return blocks.error();
    auto found = records->first();
    for (; found.has_value() && *found; found = records->next()) {
        const auto name = records->key();
        const auto record = read_record<FamilyRecord>(table::families, name, records->value());
        if (record.has_error()) return record.error();
        auto& family = families_[std::string(name)];
        family.record = *record;
        family.removed_events = before[std::string(name)].removed_events;
        family.removed_bytes = before[std::string(name)].removed_bytes;
        const auto oldest = seek_oldest(*blocks, family);
        if (oldest.has_error()) return oldest.error();
        if (*oldest) family.oldest = oldest_at(**oldest, blocks->value());
    }
    if (found.has_error()) return found.error();
    const auto last = find_last(reader);
    if (last.has_error()) return last.error();
    const auto expected = last->records.at(table::families.number);
    if (families_.size() == expected) return {};
    return missing_error(table::families, expected, families_.size());
}

FamilyTable::Family& FamilyTable::of(std::string_view name) {
    const auto found = families_.find(name);
    if (found != families_.end()) return found->second;
    const auto id = families_.size() + 1;
    auto& family = families_[std::string(name)];
    family.record.id = id;
    return family;
}

StoreResult<void> FamilyTable::save(StoreWriter& writer) {
    for (auto& [name, family] : families_) {
        if (!family.changed) continue;
        auto put = put_sealed(writer, table::families, name, bytes_of(family.record));
        if (put.has_error()) return put;
        family.changed = false;
    }
    return {};
}

StoreResult<void> remove_expired(StoreWriter& writer, FamilyTable& families,
                                 const Retention& retention, std::uint64_t now_us,
                                 std::uint64_t budget, std::uint64_t last_offset) {
    for (auto& [name, family] : families.all()) {
        const auto& limit = retention.of(name);
        if (!is_expired(family, limit, now_us)) continue;
        auto cursor = StoreCursor::open(writer, table::blocks);
        if (cursor.has_error()) return cursor.error();
        const auto oldest = seek_oldest(*cursor, family);
        if (oldest.has_error()) return oldest.error();
        if (!*oldest) family.oldest.reset();
        while (is_expired(family, limit, now_us)) {
            const auto before = family.removed_bytes;
            auto removed = remove_block(*cursor, family, last_offset);
            if (removed.has_error()) return removed;
            const auto bytes = family.removed_bytes - before;
            if (bytes >= budget) return {};
            budget -= bytes;
        }
    }
    return {};
}

}  // namespace coven::broker
