#include "journal/history.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "coven/store.hpp"
#include "journal/families.hpp"
#include "journal/family_walk.hpp"
#include "journal/journal.hpp"
#include "journal/tables.hpp"

namespace coven::broker {

namespace {

/// Of blocks, in one read: what it takes stays in the order of 10 ms when it finds nothing.
constexpr std::uint64_t read_budget = std::uint64_t{32} << 20;

/// What a hole counts for among the bytes of a batch, with its family's name.
constexpr std::size_t hole_bytes = 128;

struct NamedFamily {
    std::string name;
    FamilyRecord record;
};

bool is_one_of(const std::vector<Pattern>& patterns, std::string_view family) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& pattern) { return may_match(pattern, family); });
}

Result<std::vector<NamedFamily>> families_for(const StoreReader& reader, const LastRecord& last,
                                              const std::vector<Pattern>& patterns) {
    std::vector<NamedFamily> families;
    std::uint64_t records = 0;
    auto cursor = StoreCursor::open(reader, table::families);
    if (cursor.has_error()) return cursor.error();
    auto found = cursor->first();
    for (; found.has_value() && *found; found = cursor->next()) {
        ++records;
        if (!is_one_of(patterns, cursor->key())) continue;
        const auto record =
            read_record<FamilyRecord>(table::families, cursor->key(), cursor->value());
        if (record.has_error()) return record.error();
        families.push_back({std::string(cursor->key()), *record});
    }
    if (found.has_error()) return found.error();
    const auto expected = last.records.at(table::families.number);
    if (records != expected) return missing_error(table::families, expected, records);
    return families;
}

Result<std::vector<Epoch>> epochs_in(const StoreReader& reader, const LastRecord& last) {
    std::vector<Epoch> epochs;
    auto cursor = StoreCursor::open(reader, table::epochs);
    if (cursor.has_error()) return cursor.error();
    auto found = cursor->first();
    for (; found.has_value() && *found; found = cursor->next()) {
        const auto first =
            read_record<std::uint64_t>(table::epochs, cursor->key(), cursor->value());
        if (first.has_error()) return first.error();
        epochs.push_back({number_in(cursor->key()), *first});
    }
    if (found.has_error()) return found.error();
    const auto expected = last.records.at(table::epochs.number);
    if (epochs.size() != expected) return missing_error(table::epochs, expected, epochs.size());
    return epochs;
}

/// The offset that `position` means in this journal.
std::uint64_t offset_of(const Position& position, const std::vector<Epoch>& epochs,
                        std::uint64_t last) {
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < epochs.size(); ++i) {
        if (epochs[i].bus_epoch > position.bus_epoch) break;
        const auto end = i + 1 < epochs.size() ? epochs[i + 1].first_offset - 1 : last;
        // An epoch of which nothing was stored: the end of the one before.
        const bool same = epochs[i].bus_epoch == position.bus_epoch;
        offset = same ? std::min(position.offset, end) : end;
    }
    return offset;
}

Position position_at(std::uint64_t offset, const std::vector<Epoch>& epochs) {
    Position position{0, offset};
    for (const auto& epoch : epochs) {
        if (epoch.first_offset <= offset || position.bus_epoch == 0) {
            position.bus_epoch = epoch.bus_epoch;
        }
    }
    return position;
}

/// Remembers for each topic whether any pattern matches it.
class Wanted {
  public:
    explicit Wanted(const std::vector<Pattern>& patterns) : patterns_(patterns) {}

    bool operator()(std::string_view topic) {
        const auto [found, fresh] = known_.try_emplace(topic, false);
        if (fresh) {
            found->second =
                std::any_of(patterns_.begin(), patterns_.end(),
                            [&](const Pattern& pattern) { return pattern.matches(topic); });
        }
        return found->second;
    }

  private:
    const std::vector<Pattern>& patterns_;
    std::unordered_map<std::string_view, bool> known_;
};

Truncated hole_of(const FamilyWalk& walk) {
    const auto& item = *walk.item();
    const auto hole = [&](Truncated::Reason reason) {
        return Truncated{walk.name(), item.offset, item.to, reason};
    };
    if (item.kind == FamilyItem::Kind::removed) return hole(Truncated::Reason::retention);
    if (item.kind == FamilyItem::Kind::purged) return hole(Truncated::Reason::purged);
    if (item.kind == FamilyItem::Kind::not_stored) return hole(Truncated::Reason::not_stored);
    return hole(Truncated::Reason::corrupt);
}

/// Whether `item` is due before `other`: what is complete up to an offset comes behind that.
bool is_before(const FamilyItem& item, const FamilyItem& other) {
    if (item.offset != other.offset) return item.offset < other.offset;
    return other.kind == FamilyItem::Kind::pause;
}

FamilyWalk* earliest(std::vector<FamilyWalk>& walks) {
    FamilyWalk* first = nullptr;
    for (auto& walk : walks) {
        if (!walk.item()) continue;
        if (first == nullptr || is_before(*walk.item(), *first->item())) first = &walk;
    }
    return first;
}

/// The hole at the end of the batch that the forgotten event `item` goes on, or null.
Truncated* run_before(HistoryBatch& batch, const FamilyWalk& walk) {
    if (batch.records.empty() || walk.item()->kind != FamilyItem::Kind::purged) return nullptr;
    auto* hole = std::get_if<Truncated>(&batch.records.back());
    const bool same = hole != nullptr && hole->reason == Truncated::Reason::purged &&
                      hole->family == walk.name() && hole->to + 1 == walk.item()->offset;
    return same ? hole : nullptr;
}

std::size_t bytes_of(const FamilyItem& item) {
    return item.kind == FamilyItem::Kind::frame ? item.frame.size() : hole_bytes;
}

void add(HistoryBatch& batch, const FamilyWalk& walk) {
    if (walk.item()->kind == FamilyItem::Kind::frame) {
        batch.records.emplace_back(StoredFrame(walk.item()->frame));
    } else {
        batch.records.emplace_back(hole_of(walk));
    }
}

/// How much of a batch is filled.
struct Filled {
    std::size_t events = 0;
    std::size_t bytes = 0;
    /// The last event that is in it.
    std::uint64_t reached = 0;
};

/// False: there is no room for the walk's item.
bool take(HistoryBatch& batch, Filled& filled, const FamilyWalk& walk, const HistoryQuery& query) {
    const auto& item = *walk.item();
    if (auto* run = run_before(batch, walk)) {
        run->to = filled.reached = item.offset;
        return true;
    }
    const bool numbered =
        item.kind == FamilyItem::Kind::frame || item.kind == FamilyItem::Kind::purged;
    const bool full =
        filled.events >= query.max_events || filled.bytes + bytes_of(item) > query.max_bytes;
    if (numbered && filled.events > 0 && full) return false;
    add(batch, walk);
    if (!numbered) return true;
    filled.reached = item.offset;
    filled.bytes += bytes_of(item);
    ++filled.events;
    return true;
}

/// Fills `batch` from the families, by offset. The offset up to which it is complete.
StoreResult<std::uint64_t> merge(std::vector<FamilyWalk>& walks, const HistoryQuery& query,
                                 FamilyWalk::Range range, HistoryBatch& batch) {
    Filled filled;
    filled.reached = range.after;
    while (auto* walk = earliest(walks)) {
        if (walk->item()->kind == FamilyItem::Kind::pause) return walk->item()->offset;
        if (!take(batch, filled, *walk, query)) return filled.reached;
        const auto advanced = walk->advance();
        if (advanced.has_error()) return advanced.error();
    }
    return std::max(range.after, range.until);
}

/// Holes that reach beyond the batch end with it: the next one says the rest.
void clip_holes(HistoryBatch& batch, std::uint64_t reached) {
    for (auto& record : batch.records) {
        auto* hole = std::get_if<Truncated>(&record);
        if (hole != nullptr) hole->to = std::min(hole->to, reached);
    }
    std::erase_if(batch.records, [](const auto& record) {
        const auto* hole = std::get_if<Truncated>(&record);
        return hole != nullptr && hole->to < hole->from;
    });
}

/// The offset after which to read.
StoreResult<std::uint64_t> beginning(const StoreReader& reader, const HistoryQuery& query,
                                     const std::vector<NamedFamily>& families,
                                     const std::vector<Epoch>& epochs, std::uint64_t last) {
    if (const auto* position = std::get_if<Position>(&query.from)) {
        return offset_of(*position, epochs, last);
    }
    const auto* since = std::get_if<HistoryQuery::Since>(&query.from);
    auto after = last;
    for (const auto& family : families) {
        if (since == nullptr) {
            // Of events that were forgotten one can still be told.
            const bool holds_any = family.record.last_offset > family.record.removed_to;
            if (holds_any) after = std::min(after, family.record.removed_to);
            continue;
        }
        const auto before = offset_before(reader, family.record, since->unix_us, last);
        if (before.has_error()) return before.error();
        after = std::min(after, *before);
    }
    return after;
}

}  // namespace

Result<HistoryBatch> History::read(const HistoryQuery& query) const {
    const auto reader = StoreReader::begin(store_);
    if (reader.has_error()) return reader.error();
    const auto last = find_last(*reader);
    if (last.has_error()) return last.error();
    const auto epochs = epochs_in(*reader, *last);
    if (epochs.has_error()) return epochs.error();
    const auto families = families_for(*reader, *last, query.patterns);
    if (families.has_error()) return families.error();
    HistoryBatch batch;
    const auto committed = last->offset;
    batch.committed = {last->bus_epoch, committed};
    const auto after = beginning(*reader, query, *families, *epochs, committed);
    if (after.has_error()) return after.error();
    const FamilyWalk::Range range{*after, std::min(query.until, committed)};
    Wanted wanted(query.patterns);
    const FamilyWalk::IsWanted is_wanted = std::ref(wanted);
    auto budget = read_budget;
    std::vector<FamilyWalk> walks;
    for (const auto& family : *families) {
        auto walk = FamilyWalk::open(*reader, family.name, family.record, range, is_wanted, budget);
        if (walk.has_error()) return walk.error();
        walks.push_back(std::move(*walk));
    }
    const auto reached = merge(walks, query, range, batch);
    if (reached.has_error()) return reached.error();
    clip_holes(batch, *reached);
    batch.next = position_at(*reached, *epochs);
    return batch;
}

}  // namespace coven::broker
