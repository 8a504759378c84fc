#include "journal/ledger.hpp"

#include <cstring>

#include "journal/tail_view.hpp"

namespace coven::broker {

namespace {

/// Removed at once when no events come.
constexpr std::uint64_t idle_budget = std::uint64_t{4} << 20;
/// Removed with each commit at least.
constexpr std::uint64_t least_budget = std::uint64_t{128} << 10;
constexpr std::uint64_t room_step = std::uint64_t{60'000};
/// Looked at in one step of a purge: some milliseconds.
constexpr std::uint64_t pages_per_wipe = 1024;

StoreResult<void> write_topics(StoreWriter& writer, const Gathering& gathering) {
    for (const auto& [name, topic] : gathering.topics()) {
        const TailView tail(topic.last_frame);
        const HeadRecord head{tail.bus_epoch(), tail.offset(), tail.topic_seq(), tail.ingest_us()};
        auto put = put_sealed(writer, table::heads, name, bytes_of(head));
        if (put.has_error()) return put;
        if (topic.state_frame.empty()) continue;
        // One that is not stored ends one that was stored before.
        const bool over = (TailView(topic.state_frame).flags() & state_over_flag) != 0;
        if (over || topic.state_passed) {
            const auto erased = writer.erase(table::states, name);
            if (erased.has_error()) return erased.error();
            continue;
        }
        auto kept = put_sealed(writer, table::states, name, topic.state_frame);
        if (kept.has_error()) return kept;
    }
    return {};
}

StoreResult<void> write_producers(StoreWriter& writer, const Gathering& gathering) {
    for (const auto& [id, producer] : gathering.producers()) {
        const MarkRecord mark{producer.seq, producer.last_us};
        auto put = put_sealed(writer, table::producers, key_of(id), bytes_of(mark));
        if (put.has_error()) return put;
    }
    return {};
}

StoreResult<void> write_sides(StoreWriter& writer, const Gathering& gathering) {
    for (const auto& [kind, record] : gathering.sides()) {
        const StoreTable where{table::first_side + record.table};
        if (kind == Chunk::Kind::put) {
            auto put = put_sealed(writer, where, record.key, record.value);
            if (put.has_error()) return put;
            continue;
        }
        const auto erased = writer.erase(where, record.key);
        if (erased.has_error()) return erased.error();
    }
    return {};
}

/// Epochs without events: those that begin where the next one does.
StoreResult<void> forget_empty_epochs(StoreWriter& writer, std::uint64_t first_offset) {
    auto cursor = StoreCursor::open(writer, table::epochs);
    if (cursor.has_error()) return cursor.error();
    auto found = cursor->last();
    while (found.has_value() && *found) {
        const auto value = unseal(cursor->key(), cursor->value());
        const auto first = value ? record_in<std::uint64_t>(*value) : std::nullopt;
        if (!first || *first < first_offset) break;
        auto erased = cursor->erase();
        if (erased.has_error()) return erased;
        found = cursor->last();
    }
    if (found.has_error()) return found.error();
    return {};
}

}  // namespace

Result<void> Ledger::load() {
    const auto reader = StoreReader::begin(store_);
    if (reader.has_error()) return reader.error();
    const auto last = find_last(*reader);
    if (last.has_error()) return last.error();
    last_ = *last;
    wiping_.reset();
    auto purges = purges_.load(*reader);
    if (purges.has_error()) return purges;
    return families_.load(*reader);
}

void Ledger::forget() {
    // It could be read when the journal was opened; if it cannot any more, no commit succeeds, and
    // what is known here does no harm.
    const auto loaded = load();
    static_cast<void>(loaded);
}

StoreResult<void> Ledger::commit(const Gathering& gathering, std::uint64_t now_us) {
    auto writer = StoreWriter::begin(store_);
    if (writer.has_error()) return writer.error();
    auto done = write(*writer, gathering, now_us);
    if (done.has_value()) done = writer->commit();
    if (done.has_error()) {
        // The transaction must be over before the store is read again.
        { const auto ended = std::move(*writer); }
        forget();
    }
    return done;
}

StoreResult<void> Ledger::write(StoreWriter& writer, const Gathering& gathering,
                                std::uint64_t now_us) {
    const auto bytes = write_blocks(writer, gathering);
    if (bytes.has_error()) return bytes.error();
    for (auto* part : {write_topics, write_producers, write_sides}) {
        auto written = part(writer, gathering);
        if (written.has_error()) return written;
    }
    if (gathering.events() > 0) {
        const TailView tail(gathering.last_frame());
        last_.bus_epoch = tail.bus_epoch();
        last_.offset = tail.offset();
    }
    const auto budget = 2 * *bytes + least_budget;
    auto removed = remove_expired(writer, families_, retention_, now_us, budget, last_.offset);
    if (removed.has_error()) return removed;
    auto begun = begin_purges(writer, gathering, now_us);
    if (begun.has_error()) return begun;
    auto saved = families_.save(writer);
    if (saved.has_error()) return saved;
    return put_last(writer, last_);
}

StoreResult<void> Ledger::begin_purges(StoreWriter& writer, const Gathering& gathering,
                                       std::uint64_t now_us) {
    for (const auto asked : gathering.purges()) {
        auto begun = purges_.begin(writer, families_, asked, last_.offset);
        if (begun.has_error()) return begun;
    }
    return purges_.delete_by(writer, families_, gathering.deletions(), last_.offset, now_us);
}

StoreResult<std::uint64_t> Ledger::write_blocks(StoreWriter& writer, const Gathering& gathering) {
    std::uint64_t bytes = 0;
    for (const auto& [name, gathered] : gathering.families()) {
        if (gathered.blocks.empty()) continue;
        auto& family = families_.of(name);
        for (const auto& block : gathered.blocks) {
            const auto written = write_block(writer, gathered, block, family);
            if (written.has_error()) return written.error();
            bytes += stored_bytes(block.bytes);
        }
    }
    return bytes;
}

StoreResult<void> Ledger::write_block(StoreWriter& writer, const Gathering::Family& gathered,
                                      const Gathering::Block& block, FamilyTable::Family& family) {
    auto header = block.header;
    header.family = static_cast<FamilyId>(family.record.id);
    header.previous_offset = family.record.last_offset;
    const bool is_hole = block.spans == 0;
    const bool goes_on =
        is_hole && family.open_hole && family.open_hole->bus_epoch == header.bus_epoch;
    if (goes_on) {
        header.first_offset = family.open_hole->first_offset;
        header.first_us = family.open_hole->first_us;
        header.previous_offset = family.open_hole->previous_offset;
    }
    family.open_hole = is_hole ? std::optional(header) : std::nullopt;
    const BlockKey key(header.family, header.first_offset);
    const auto place = writer.reserve(table::blocks, key.bytes(), block.bytes);
    if (place.has_error()) return place.error();
    char* at = *place + block_header_bytes;
    for (std::size_t i = 0; i < block.spans; ++i) {
        const auto span = gathered.spans[block.first_span + i];
        std::memcpy(at, span.data(), span.size());
        at += span.size();
    }
    seal_block(*place, block.bytes, header);
    family.changed = true;
    family.record.last_offset = header.last_offset;
    family.record.events += header.count;
    if (!goes_on) family.record.bytes += stored_bytes(block.bytes);
    if (family.record.first_offset == 0) family.record.first_offset = header.first_offset;
    const bool is_oldest = !family.oldest || family.oldest->offset == header.first_offset;
    if (is_oldest) family.oldest = {header.first_offset, header.last_us};
    return {};
}

Result<void> Ledger::start_epoch(std::uint64_t bus_epoch, std::uint64_t first_offset) {
    if (bus_epoch <= last_.bus_epoch || first_offset != last_.offset + 1) {
        return Error("epoch " + std::to_string(bus_epoch) + " cannot begin at offset " +
                     std::to_string(first_offset) + " after epoch " +
                     std::to_string(last_.bus_epoch) + ", offset " + std::to_string(last_.offset));
    }
    auto writer = StoreWriter::begin(store_);
    if (writer.has_error()) return writer.error();
    const auto forgotten = forget_empty_epochs(*writer, first_offset);
    if (forgotten.has_error()) return forgotten.error();
    const auto put = put_sealed(*writer, table::epochs, key_of(bus_epoch), bytes_of(first_offset));
    if (put.has_error()) return put.error();
    const auto counted = put_last(*writer, last_);
    if (counted.has_error()) return counted.error();
    const auto committed = writer->commit();
    if (committed.has_error()) return committed.error();
    const auto synced = store_.sync();
    if (synced.has_error()) return synced.error();
    return {};
}

StoreResult<void> Ledger::expire(std::uint64_t now_us) {
    const auto is_changed = [this] {
        for (const auto& [name, family] : families_.all()) {
            if (family.changed) return true;
        }
        return false;
    };
    auto writer = StoreWriter::begin(store_);
    if (writer.has_error()) return writer.error();
    auto done = remove_expired(*writer, families_, retention_, now_us, idle_budget, last_.offset);
    if (done.has_value() && !is_changed()) return {};
    if (done.has_value()) done = families_.save(*writer);
    if (done.has_value()) done = writer->commit();
    if (done.has_error()) {
        { const auto ended = std::move(*writer); }
        forget();
    }
    return done;
}

StoreResult<void> Ledger::make_room(std::uint64_t bytes) {
    const auto steps = bytes / room_step + 1;
    const auto key = [](std::uint64_t step) { return std::string(room_prefix) + key_of(step); };
    auto writer = StoreWriter::begin(store_);
    if (writer.has_error()) return writer.error();
    for (std::uint64_t step = 0; step < steps; ++step) {
        const auto place = writer->reserve(table::journal, key(step), room_step);
        if (place.has_error()) return place.error();
        std::memset(*place, 0, room_step);
    }
    auto committed = writer->commit();
    if (committed.has_error()) return committed;
    auto remover = StoreWriter::begin(store_);
    if (remover.has_error()) return remover.error();
    for (std::uint64_t step = 0; step < steps; ++step) {
        const auto erased = remover->erase(table::journal, key(step));
        if (erased.has_error()) return erased.error();
    }
    return remover->commit();
}

StoreResult<std::vector<PurgedState>> Ledger::purge(std::uint64_t now_us) {
    if (purges_.is_wiping()) {
        const auto wiped = wipe(now_us);
        if (wiped.has_error()) return wiped.error();
        return std::vector<PurgedState>();
    }
    auto writer = StoreWriter::begin(store_);
    if (writer.has_error()) return writer.error();
    auto slice = search(*writer);
    if (slice.has_value() && !slice->changed) return std::move(slice->states);
    auto done = slice.has_error() ? StoreResult<void>(slice.error()) : writer->commit();
    if (done.has_value()) return std::move(slice->states);
    { const auto ended = std::move(*writer); }
    forget();
    return done.error();
}

StoreResult<Purges::Slice> Ledger::search(StoreWriter& writer) {
    auto slice = purges_.search(writer, families_);
    if (slice.has_error() || !slice->changed) return slice;
    auto saved = families_.save(writer);
    if (saved.has_error()) return saved.error();
    saved = put_last(writer, last_);
    if (saved.has_error()) return saved.error();
    return slice;
}

/// Each step commits, as only pages that were freed before the last commit may be overwritten.
StoreResult<void> Ledger::wipe(std::uint64_t now_us) {
    if (!wiping_) {
        auto begun = store_.begin_wiping();
        if (begun.has_error()) return begun.error();
        wiping_ = *begun;
    }
    auto done = store_.wipe(*wiping_, pages_per_wipe);
    if (done.has_error()) return done;
    auto writer = StoreWriter::begin(store_);
    if (writer.has_error()) return writer.error();
    done = wiping_->done ? purges_.finish(*writer, now_us) : purges_.touch(*writer);
    if (done.has_value()) done = writer->commit();
    if (done.has_error()) {
        { const auto ended = std::move(*writer); }
        forget();
    } else if (wiping_->done) {
        wiping_.reset();
    }
    return done;
}

}  // namespace coven::broker
