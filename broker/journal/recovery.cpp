#include "journal/recovery.hpp"

#include <algorithm>
#include <functional>

#include "journal/family_table.hpp"
#include "journal/tables.hpp"

namespace coven::broker {

namespace {

using Visit = std::function<void(std::string_view key, std::string_view value)>;

bool is_old(const MarkRecord& mark, std::uint64_t now_us) {
    const auto lifetime = std::chrono::microseconds(mark_lifetime).count();
    return mark.last_us + static_cast<std::uint64_t>(lifetime) < now_us;
}

/// Shows all records that are whole, names the others, and says how many are not there.
Result<void> visit_all(const StoreReader& reader, StoreTable where,
                       std::vector<std::string>& damaged, const Visit& visit) {
    std::uint64_t records = 0;
    auto cursor = StoreCursor::open(reader, where);
    if (cursor.has_error()) return cursor.error();
    auto found = cursor->first();
    for (; found.has_value() && *found; found = cursor->next()) {
        ++records;
        const auto value = unseal(cursor->key(), cursor->value());
        if (value) {
            visit(cursor->key(), *value);
        } else {
            damaged.push_back(name_of(where, cursor->key()));
        }
    }
    if (found.has_error()) return found.error();
    const auto last = find_last(reader);
    if (last.has_error()) return last.error();
    const auto expected = last->records.at(where.number);
    if (records != expected) {
        damaged.push_back(missing_error(where, expected, records).message);
    }
    return {};
}

/// Those of which something is still stored. An epoch ends where the next one begins.
std::vector<Epoch> with_events(const std::vector<Epoch>& epochs, std::uint64_t oldest,
                               std::uint64_t last) {
    std::vector<Epoch> kept;
    for (std::size_t i = 0; i < epochs.size(); ++i) {
        const auto end = i + 1 < epochs.size() ? epochs[i + 1].first_offset : last + 1;
        if (oldest != 0 && end > oldest && end > epochs[i].first_offset) kept.push_back(epochs[i]);
    }
    return kept;
}

Result<void> recover_epochs(const StoreReader& reader, Recovered& recovered) {
    std::vector<Epoch> epochs;
    const auto before = recovered.damaged.size();
    auto read = visit_all(reader, table::epochs, recovered.damaged,
                          [&](std::string_view key, std::string_view value) {
                              const auto first = record_in<std::uint64_t>(value);
                              if (first) epochs.push_back({number_in(key), *first});
                          });
    if (read.has_error()) return read;
    if (recovered.damaged.size() > before) {
        return Error("the journal's epochs are damaged: " + recovered.damaged.back());
    }
    FamilyTable families;
    auto loaded = families.load(reader);
    if (loaded.has_error()) return loaded;
    std::uint64_t oldest = 0;
    for (const auto& [name, family] : families.all()) {
        if (!family.oldest) continue;
        oldest = oldest == 0 ? family.oldest->offset : std::min(oldest, family.oldest->offset);
    }
    recovered.epochs = with_events(epochs, oldest, recovered.last_offset);
    return {};
}

Result<void> recover_topics(const StoreReader& reader, Recovered& recovered) {
    auto heads =
        visit_all(reader, table::heads, recovered.damaged,
                  [&](std::string_view topic, std::string_view value) {
                      const auto head = record_in<HeadRecord>(value);
                      if (!head) return;
                      recovered.heads.push_back({std::string(topic), head->bus_epoch, head->offset,
                                                 head->topic_seq, head->ingest_us});
                  });
    if (heads.has_error()) return heads;
    return visit_all(reader, table::states, recovered.damaged,
                     [&](std::string_view topic, std::string_view frame) {
                         recovered.states.push_back({std::string(topic), std::string(frame)});
                     });
}

Result<void> recover_marks(const StoreReader& reader, std::uint64_t now_us, Recovered& recovered) {
    return visit_all(
        reader, table::producers, recovered.damaged,
        [&](std::string_view key, std::string_view value) {
            const auto mark = record_in<MarkRecord>(value);
            if (!mark || is_old(*mark, now_us)) return;
            recovered.marks.push_back({number_in(key), mark->producer_seq, mark->last_us});
        });
}

using Keys = std::vector<std::string>;

StoreResult<Keys> old_marks(const StoreReader& reader, std::uint64_t now_us) {
    Keys keys;
    auto cursor = StoreCursor::open(reader, table::producers);
    if (cursor.has_error()) return cursor.error();
    auto found = cursor->first();
    for (; found.has_value() && *found; found = cursor->next()) {
        const auto value = unseal(cursor->key(), cursor->value());
        const auto mark = value ? record_in<MarkRecord>(*value) : std::nullopt;
        if (mark && is_old(*mark, now_us)) keys.emplace_back(cursor->key());
    }
    if (found.has_error()) return found.error();
    return keys;
}

/// What a crash left of Ledger::make_room.
StoreResult<Keys> left_rooms(const StoreReader& reader) {
    Keys keys;
    auto cursor = StoreCursor::open(reader, table::journal);
    if (cursor.has_error()) return cursor.error();
    auto found = cursor->seek(room_prefix);
    for (; found.has_value() && *found; found = cursor->next()) {
        if (!cursor->key().starts_with(room_prefix)) break;
        keys.emplace_back(cursor->key());
    }
    if (found.has_error()) return found.error();
    return keys;
}

}  // namespace

Result<Recovered> recover(const Store& store, std::uint64_t now_us) {
    Recovered recovered;
    const auto reader = StoreReader::begin(store);
    if (reader.has_error()) return reader.error();
    const auto last = find_last(*reader);
    if (last.has_error()) return last.error();
    recovered.last_epoch = last->bus_epoch;
    recovered.last_offset = last->offset;
    const auto epochs = recover_epochs(*reader, recovered);
    if (epochs.has_error()) return epochs.error();
    const auto topics = recover_topics(*reader, recovered);
    if (topics.has_error()) return topics.error();
    const auto marks = recover_marks(*reader, now_us, recovered);
    if (marks.has_error()) return marks.error();
    return recovered;
}

Result<void> tidy_up(Store& store, std::uint64_t now_us) {
    auto writer = StoreWriter::begin(store);
    if (writer.has_error()) return writer.error();
    const auto marks = old_marks(*writer, now_us);
    if (marks.has_error()) return marks.error();
    const auto rooms = left_rooms(*writer);
    if (rooms.has_error()) return rooms.error();
    if (marks->empty() && rooms->empty()) return {};
    for (const auto& [where, keys] :
         {std::pair(table::producers, *marks), {table::journal, *rooms}}) {
        for (const auto& key : keys) {
            const auto erased = writer->erase(where, key);
            if (erased.has_error()) return erased.error();
        }
    }
    auto last = find_last(*writer);
    if (last.has_error()) return last.error();
    // Those that were missing before stay so.
    last->records.at(table::producers.number) -= marks->size();
    const auto put = put_sealed(*writer, table::journal, "last", bytes_of(*last));
    if (put.has_error()) return put.error();
    const auto committed = writer->commit();
    if (committed.has_error()) return committed.error();
    return {};
}

}  // namespace coven::broker
