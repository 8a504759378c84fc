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

/// Shows all records that are whole, and names the others.
Result<void> visit_all(const StoreReader& reader, StoreTable where,
                       std::vector<std::string>& damaged, const Visit& visit) {
    auto cursor = StoreCursor::open(reader, where);
    if (cursor.has_error()) return cursor.error();
    auto found = cursor->first();
    for (; found.has_value() && *found; found = cursor->next()) {
        const auto value = unseal(cursor->key(), cursor->value());
        if (value) {
            visit(cursor->key(), *value);
        } else {
            damaged.push_back(name_of(where, cursor->key()));
        }
    }
    if (found.has_error()) return found.error();
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
    const auto read = visit_all(reader, table::epochs, recovered.damaged,
                                [&](std::string_view key, std::string_view value) {
                                    const auto first = record_in<std::uint64_t>(value);
                                    if (first) epochs.push_back({number_in(key), *first});
                                });
    if (read.has_error()) return read;
    if (recovered.damaged.size() > before) {
        return Error("the journal's record " + recovered.damaged.back() + " is damaged");
    }
    FamilyTable families;
    const auto loaded = families.load(reader);
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
    const auto heads =
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

}  // namespace

Result<Recovered> recover(const Store& store, std::uint64_t now_us) {
    Recovered recovered;
    const auto reader = StoreReader::begin(store);
    if (reader.has_error()) return reader.error();
    const auto last = find_record<LastRecord>(*reader, table::journal, "last");
    if (last.has_error()) return last.error();
    recovered.last_epoch = last->value_or(LastRecord{}).bus_epoch;
    recovered.last_offset = last->value_or(LastRecord{}).offset;
    const auto epochs = recover_epochs(*reader, recovered);
    if (epochs.has_error()) return epochs.error();
    const auto topics = recover_topics(*reader, recovered);
    if (topics.has_error()) return topics.error();
    const auto marks = recover_marks(*reader, now_us, recovered);
    if (marks.has_error()) return marks.error();
    return recovered;
}

StoreResult<void> tidy_up(Store& store, std::uint64_t now_us) {
    auto writer = StoreWriter::begin(store);
    if (writer.has_error()) return writer.error();
    std::vector<std::string> old;
    {
        auto cursor = StoreCursor::open(*writer, table::producers);
        if (cursor.has_error()) return cursor.error();
        auto found = cursor->first();
        for (; found.has_value() && *found; found = cursor->next()) {
            const auto value = unseal(cursor->key(), cursor->value());
            const auto mark = value ? record_in<MarkRecord>(*value) : std::nullopt;
            if (mark && is_old(*mark, now_us)) old.emplace_back(cursor->key());
        }
        if (found.has_error()) return found.error();
    }
    if (old.empty()) return {};
    for (const auto& key : old) {
        const auto erased = writer->erase(table::producers, key);
        if (erased.has_error()) return erased.error();
    }
    return writer->commit();
}

}  // namespace coven::broker
