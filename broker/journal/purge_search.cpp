// How a purge finds what it is to forget: blocks first, then states.

#include <algorithm>

#include "journal/blanking.hpp"
#include "journal/burial.hpp"
#include "journal/deletion.hpp"
#include "journal/purges.hpp"
#include "journal/tables.hpp"
#include "journal/tail_view.hpp"

namespace coven::broker {

namespace {

/// Of blocks and states that one slice looks at: some milliseconds.
constexpr std::uint64_t slice_bytes = std::uint64_t{4} << 20;
/// What is looked at again after a crash at most.
constexpr std::uint64_t save_bytes = std::uint64_t{256} << 20;

FamilyTable::Family* family_with(FamilyTable& families, FamilyId id) {
    for (auto& [name, family] : families.all()) {
        if (family.record.id == id) return &family;
    }
    return nullptr;
}

/// A block of `old_bytes` has `bytes` now, and `events` fewer.
void count_shorter(FamilyTable& families, FamilyId id, std::size_t old_bytes, std::size_t bytes,
                   std::uint64_t events) {
    auto* family = family_with(families, id);
    if (family == nullptr) return;
    const auto saved =
        stored_bytes(old_bytes) - std::min(stored_bytes(bytes), stored_bytes(old_bytes));
    family->record.bytes -= std::min(saved, family->record.bytes);
    family->record.events -= std::min(events, family->record.events);
    family->changed = true;
}

void count(v1::Purge& purge, const Burial& burial) {
    const bool first = purge.events() == 0;
    purge.set_from(first ? burial.first_offset : std::min(purge.from(), burial.first_offset));
    purge.set_to(std::max(purge.to(), burial.last_offset));
    purge.set_events(purge.events() + burial.events);
}

}  // namespace

PayloadTexts& Purges::texts() {
    if (!texts_) texts_ = std::make_unique<PayloadTexts>();
    return *texts_;
}

OwnEvents& Purges::owner(const v1::StoredPurge& purge) {
    if (owner_ && owner_number_ == purge.purge().number()) return *owner_;
    // Checked before it was stored.
    owner_.emplace(person_in(purge.whom()).value(), texts());
    owner_number_ = purge.purge().number();
    return *owner_;
}

bool Purges::may_hold_condemned(const v1::StoredPurge& purge, std::string_view bytes) {
    if (purge.has_whom()) return owner(purge).may_be_in(bytes);
    const auto& all = purge.deletions();
    return std::any_of(all.begin(), all.end(),
                       [&](const v1::StoredDeletion& one) { return may_be_in(one, bytes); });
}

bool Purges::is_condemned(v1::StoredPurge& purge, std::string_view frame) {
    if (TailView(frame).offset() > purge.purge().until()) return false;
    for (auto& deletion : *purge.mutable_deletions()) {
        if (!is_deleted(deletion, frame, texts())) continue;
        deletion.set_events(deletion.events() + 1);
        return true;
    }
    if (!purge.has_whom()) return false;
    const auto answer = owner(purge).owns(frame);
    if (answer == OwnEvents::Answer::unreadable) {
        purge.mutable_purge()->set_unreadable(purge.purge().unreadable() + 1);
    }
    return answer == OwnEvents::Answer::yes;
}

StoreResult<Purges::Slice> Purges::search(StoreWriter& writer, FamilyTable& families) {
    Slice slice;
    auto& purge = *current();
    auto done = purge.blocks_done() ? search_states(writer, purge, slice)
                                    : search_blocks(writer, families, purge, slice);
    if (done.has_error()) return done.error();
    if (purge.blocks_done() && !purge.has_whom() && !is_wiping()) {
        done = end_deletions(writer, purge);
        if (done.has_error()) return done.error();
        slice.changed = true;
        return slice;
    }
    slice.changed = slice.changed || unsaved_bytes_ >= save_bytes;
    if (!slice.changed) return slice;
    unsaved_bytes_ = 0;
    done = keep(writer, purge);
    if (done.has_error()) return done.error();
    return slice;
}

StoreResult<void> Purges::search_blocks(StoreWriter& writer, FamilyTable& families,
                                        v1::StoredPurge& purge, Slice& slice) {
    auto next = std::move(*purge.mutable_next_block());
    if (next.empty()) next = BlockKey(0, 0).bytes();
    std::uint64_t looked_at = 0;
    bool more = true;
    while (more && looked_at < slice_bytes) {
        const auto found = find_block(writer, purge, next, looked_at);
        if (found.has_error()) return found.error();
        more = found->more;
        if (!found->key) continue;
        const auto changed = search_block(writer, families, purge, *found->key, found->stored);
        if (changed.has_error()) return changed.error();
        slice.changed = slice.changed || *changed;
    }
    unsaved_bytes_ += looked_at;
    purge.mutable_purge()->set_bytes(purge.purge().bytes() + looked_at);
    purge.set_blocks_done(!more);
    slice.changed = slice.changed || !more;
    purge.set_next_block(std::move(next));
    return {};
}

/// The first block from `next` on that may hold what is looked for, until a slice is full.
StoreResult<Purges::Found> Purges::find_block(const StoreReader& reader,
                                              const v1::StoredPurge& purge, std::string& next,
                                              std::uint64_t& looked_at) {
    auto cursor = StoreCursor::open(reader, table::blocks);
    if (cursor.has_error()) return cursor.error();
    // Deletions are looked for in the family in which they were.
    const auto family = purge.has_whom() ? std::string() : next.substr(0, sizeof(FamilyId));
    auto found = cursor->seek(next);
    for (; found.has_value() && *found && looked_at < slice_bytes; found = cursor->next()) {
        if (!cursor->key().starts_with(family)) return Found{};
        looked_at += stored_bytes(cursor->value().size());
        next = std::string(cursor->key()) + '\0';
        const auto key = BlockKey::read(cursor->key());
        if (key && may_hold_condemned(purge, cursor->value())) {
            return Found{true, key, cursor->value()};
        }
    }
    if (found.has_error()) return found.error();
    return Found{*found, std::nullopt, {}};
}

StoreResult<bool> Purges::search_block(StoreWriter& writer, FamilyTable& families,
                                       v1::StoredPurge& purge, const BlockKey& key,
                                       std::string_view stored) {
    if (key.first_offset() > purge.purge().until()) return false;
    const auto block = read_block(key, stored);
    if (block.has_error()) {
        if (stored.size() <= block_header_bytes) return false;
        // What its header says is still good for retention.
        const std::string header(stored.substr(0, block_header_bytes));
        count_shorter(families, key.family(), stored.size(), header.size(), 0);
        purge.mutable_purge()->set_damaged(purge.purge().damaged() + 1);
        const auto emptied =
            blank_and_put(writer, table::blocks, key.bytes(), stored.size(), header);
        if (emptied.has_error()) return emptied.error();
        return true;
    }
    const auto burial =
        bury(*block, [&](std::string_view frame) { return is_condemned(purge, frame); });
    if (burial.events == 0) return false;
    count(*purge.mutable_purge(), burial);
    count_shorter(families, key.family(), stored.size(), burial.block.size(), burial.events);
    const auto replaced =
        blank_and_put(writer, table::blocks, key.bytes(), stored.size(), burial.block);
    if (replaced.has_error()) return replaced.error();
    return true;
}

StoreResult<void> Purges::search_states(StoreWriter& writer, v1::StoredPurge& purge, Slice& slice) {
    std::uint64_t looked_at = 0;
    std::vector<std::pair<std::string, std::size_t>> condemned;
    auto cursor = StoreCursor::open(writer, table::states);
    if (cursor.has_error()) return cursor.error();
    auto found =
        purge.after_state().empty() ? cursor->first() : cursor->seek(purge.after_state() + '\0');
    for (; found.has_value() && *found && looked_at < slice_bytes; found = cursor->next()) {
        looked_at += cursor->value().size();
        const std::string topic(cursor->key());
        purge.set_after_state(topic);
        const auto frame = unseal(topic, cursor->value());
        if (!frame || !is_condemned(purge, *frame)) continue;
        condemned.emplace_back(topic, cursor->value().size());
        slice.states.push_back({topic, TailView(*frame).offset()});
    }
    if (found.has_error()) return found.error();
    unsaved_bytes_ += looked_at;
    for (const auto& [topic, bytes] : condemned) {
        auto erased = blank_and_erase(writer, table::states, topic, bytes);
        if (erased.has_error()) return erased;
    }
    auto& tally = *purge.mutable_purge();
    tally.set_states(tally.states() + condemned.size());
    if (!*found) end_search(purge);
    slice.changed = !*found || !condemned.empty();
    return {};
}

/// From here on nothing says whom it was about, so that the wiping takes that, too.
void Purges::end_search(v1::StoredPurge& purge) {
    purge.mutable_purge()->set_state(v1::Purge::STATE_WIPING);
    purge.clear_whom();
    purge.clear_next_block();
    purge.clear_after_state();
    owner_.reset();
}

}  // namespace coven::broker
