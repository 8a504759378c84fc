#include "journal/purges.hpp"

#include <algorithm>

#include "journal/blanking.hpp"
#include "journal/block.hpp"
#include "journal/deletion.hpp"
#include "journal/families.hpp"
#include "journal/family_walk.hpp"

namespace coven::broker {

namespace {

constexpr std::string_view prefix = "purge";
constexpr std::size_t most_done = 16;
/// Looked for together.
constexpr int most_deletions = 100;

std::string key_for(std::uint64_t number) { return std::string(prefix) + key_of(number); }

bool is_done(const v1::StoredPurge& purge) {
    return purge.purge().state() == v1::Purge::STATE_DONE;
}

}  // namespace

Result<void> Purges::load(const StoreReader& reader) {
    purges_.clear();
    owner_.reset();
    auto cursor = StoreCursor::open(reader, table::journal);
    if (cursor.has_error()) return cursor.error();
    auto found = cursor->seek(prefix);
    for (; found.has_value() && *found; found = cursor->next()) {
        if (!cursor->key().starts_with(prefix)) break;
        const auto value = unseal(cursor->key(), cursor->value());
        v1::StoredPurge purge;
        const bool whole =
            value && purge.ParseFromArray(value->data(), static_cast<int>(value->size()));
        if (!whole) {
            return Error("the journal's record " + name_of(table::journal, cursor->key()) +
                         " is damaged");
        }
        purges_[purge.purge().number()] = std::move(purge);
    }
    if (found.has_error()) return found.error();
    return {};
}

StoreResult<void> Purges::begin(StoreWriter& writer, const FamilyTable& families,
                                std::string_view asked, std::uint64_t until) {
    v1::StoredPurge stored;
    stored.ParseFromArray(asked.data(), static_cast<int>(asked.size()));
    auto& purge = *stored.mutable_purge();
    purge.set_state(v1::Purge::STATE_SEARCHING);
    purge.set_until(until);
    std::uint64_t bytes = 0;
    for (const auto& [name, family] : families.all()) bytes += family.record.bytes;
    purge.set_bytes_in_all(bytes);
    auto& kept = purges_[purge.number()] = std::move(stored);
    return keep(writer, kept);
}

const v1::StoredPurge* Purges::current() const {
    for (const auto& [number, purge] : purges_) {
        if (!is_done(purge)) return &purge;
    }
    return nullptr;
}

v1::StoredPurge* Purges::current() {
    return const_cast<v1::StoredPurge*>(std::as_const(*this).current());
}

bool Purges::is_wiping() const {
    const auto* purge = current();
    return purge != nullptr && purge->purge().state() == v1::Purge::STATE_WIPING;
}

StoreResult<void> Purges::finish(StoreWriter& writer, std::uint64_t now_us) {
    auto& purge = *current();
    purge.mutable_purge()->set_state(v1::Purge::STATE_DONE);
    purge.mutable_purge()->set_done_us(now_us);
    auto kept = keep(writer, purge);
    if (kept.has_error()) return kept;
    return forget_oldest_done(writer);
}

StoreResult<void> Purges::touch(StoreWriter& writer) { return keep(writer, *current()); }

StoreResult<void> Purges::forget_oldest_done(StoreWriter& writer) {
    const auto done = std::count_if(purges_.begin(), purges_.end(),
                                    [](const auto& entry) { return is_done(entry.second); });
    if (static_cast<std::size_t>(done) <= most_done) return {};
    const auto oldest = std::find_if(purges_.begin(), purges_.end(),
                                     [](const auto& entry) { return is_done(entry.second); });
    const auto erased = writer.erase(table::journal, key_for(oldest->first));
    if (erased.has_error()) return erased.error();
    purges_.erase(oldest);
    return {};
}

StoreResult<void> Purges::keep(StoreWriter& writer, const v1::StoredPurge& purge) {
    const auto key = key_for(purge.purge().number());
    const auto old = writer.find(table::journal, key);
    if (old.has_error()) return old.error();
    if (*old) {
        auto blanked = blank(writer, table::journal, key, (*old)->size());
        if (blanked.has_error()) return blanked;
    }
    return put_sealed(writer, table::journal, key, purge.SerializeAsString());
}

StoreResult<v1::StoredPurge*> Purges::gather_deletions(StoreWriter& writer, FamilyTable& families,
                                                       const std::string& topic,
                                                       std::uint64_t until, std::uint64_t now_us) {
    auto named = families.all().find(family_of(topic));
    if (named == families.all().end()) named = families.all().find(other_topics);
    if (named == families.all().end()) return nullptr;
    const auto& family = named->second;
    const auto window = std::chrono::microseconds(deletion_window).count();
    const auto since_us = now_us - static_cast<std::uint64_t>(window);
    const auto before = offset_before(writer, family.record, since_us, until);
    if (before.has_error()) return before.error();
    const BlockKey first(static_cast<FamilyId>(family.record.id), *before + 1);
    for (auto& [number, purge] : purges_) {
        const bool waits = purge.deletions_size() > 0 && purge.purge().bytes() == 0 &&
                           purge.deletions_size() < most_deletions;
        if (!waits || purge.next_block().compare(0, 2, first.bytes(), 0, 2) != 0) continue;
        purge.mutable_purge()->set_until(until);
        return &purge;
    }
    // Offsets are less than the times that number purges.
    auto number = until;
    while (purges_.contains(number)) ++number;
    auto& purge = purges_[number];
    purge.mutable_purge()->set_number(number);
    purge.mutable_purge()->set_state(v1::Purge::STATE_SEARCHING);
    purge.mutable_purge()->set_until(until);
    purge.set_next_block(std::string(first.bytes()));
    return &purge;
}

StoreResult<void> Purges::delete_by(StoreWriter& writer, FamilyTable& families,
                                    const std::vector<std::string_view>& frames,
                                    std::uint64_t until, std::uint64_t now_us) {
    for (const auto frame : frames) {
        auto deletion = deletion_in(frame, texts());
        if (!deletion) {
            ++deletions_.unreadable;
            continue;
        }
        const auto purge = gather_deletions(writer, families, deletion->topic(), until, now_us);
        if (purge.has_error()) return purge.error();
        if (*purge == nullptr) {
            ++deletions_.not_found;
            continue;
        }
        *(*purge)->add_deletions() = std::move(*deletion);
        auto kept = keep(writer, **purge);
        if (kept.has_error()) return kept;
    }
    return {};
}

StoreResult<void> Purges::end_deletions(StoreWriter& writer, v1::StoredPurge& purge) {
    for (const auto& deletion : purge.deletions()) {
        deletions_.messages += deletion.events();
        if (deletion.events() == 0) ++deletions_.not_found;
    }
    unsaved_bytes_ = 0;
    const auto number = purge.purge().number();
    const auto erased = writer.erase(table::journal, key_for(number));
    if (erased.has_error()) return erased.error();
    purges_.erase(number);
    return {};
}

std::vector<v1::Purge> Purges::all() const {
    std::vector<v1::Purge> all;
    for (const auto& [number, purge] : purges_) {
        if (purge.deletions_size() == 0) all.push_back(purge.purge());
    }
    return all;
}

}  // namespace coven::broker
