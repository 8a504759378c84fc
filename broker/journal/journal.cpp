#include "journal/journal.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <utility>

#include "coven/store.hpp"
#include "inproc_pair.hpp"
#include "journal/history.hpp"
#include "journal/recovery.hpp"
#include "journal/report.hpp"
#include "journal/tables.hpp"
#include "journal/tail_view.hpp"
#include "journal/writer.hpp"

namespace coven::broker {

namespace {

/// A commit that takes longer than this stands for a disk that hangs.
constexpr auto epoch_deadline = std::chrono::seconds(30);
/// Buffers that are kept to be filled again.
constexpr std::size_t max_spare_chunks = 64;
/// 2: with a table of channels.
constexpr std::uint64_t format_version = 2;
/// More than a store has that was just made.
constexpr std::uint64_t max_empty_pages = 64;
constexpr std::string_view format_key = "format";

/// Fails for what a newer version has written; a new store, or an older one, is marked as ours.
Result<void> check_format(Store& store) {
    auto writer = StoreWriter::begin(store);
    if (writer.has_error()) return writer.error();
    const auto format = find_record<std::uint64_t>(*writer, table::journal, format_key);
    if (format.has_error()) return format.error();
    if (format->value_or(format_version) > format_version) {
        return Error("the journal '" + store.folder() +
                     "' was written by a newer version: use that, or another folder");
    }
    if (*format == format_version) return {};
    if (!*format && store.usage().pages > max_empty_pages) {
        return Error("the journal '" + store.folder() + "' is damaged: it lacks its format");
    }
    const auto put = put_sealed(*writer, table::journal, format_key, bytes_of(format_version));
    if (put.has_error()) return put.error();
    if (!*format) {
        LastRecord last;
        const auto counted = put_last(*writer, last);
        if (counted.has_error()) return counted.error();
    }
    const auto committed = writer->commit();
    if (committed.has_error()) return committed.error();
    return {};
}

Result<std::unique_ptr<Store>> open_store(const Journal::Options& options) {
    Store::Options store;
    store.folder = options.folder;
    store.map_bytes = options.map_bytes;
    store.tables = table::names();
    const bool each = options.durability == Durability::commit;
    store.sync = each ? Store::Sync::each_commit : Store::Sync::by_hand;
    auto opened = Store::open(store);
    if (opened.has_error()) return opened.error();
    const auto format = check_format(**opened);
    if (format.has_error()) return format.error();
    return std::move(*opened);
}

StoreTable side_table(SideTable side) {
    return {table::first_side + static_cast<unsigned int>(side)};
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(zmq::context_t& context, const Clock& clock,
                                               const Options& options, Recovered& recovered) {
    auto store = open_store(options);
    if (store.has_error()) return store.error();
    const auto now_us = microseconds_since_epoch(clock.now());
    auto read = recover(**store, now_us);
    if (read.has_error()) return read.error();
    const auto tidied = tidy_up(**store, now_us);
    if (tidied.has_error()) return tidied.error();
    auto ledger = std::make_unique<Ledger>(**store, options.retention);
    const auto loaded = ledger->load();
    if (loaded.has_error()) return loaded.error();
    auto purges = ledger->purges().all();
    recovered = std::move(*read);
    std::unique_ptr<Journal> journal(new Journal(context, clock, options, std::move(*store)));
    journal->purges_ = std::move(purges);
    const auto endpoint = journal->socket_.get(zmq::sockopt::last_endpoint);
    journal->writer_ = std::make_unique<JournalWriter>(context, endpoint, clock, journal->options_,
                                                       *journal->store_, std::move(ledger));
    return journal;
}

Journal::Journal(zmq::context_t& context, const Clock& clock, const Options& options,
                 std::unique_ptr<Store> store)
    : clock_(clock), options_(options), store_(std::move(store)), socket_(inproc_pair(context)) {
    // Another journal of this process has another store, at another place.
    socket_.bind("inproc://journal-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
}

Journal::~Journal() {
    if (!writer_) return;
    hand_over();
    auto stop = std::make_unique<JournalCommand>();
    stop->kind = JournalCommand::Kind::stop;
    send_object(socket_, std::move(stop));
    writer_.reset();
    // What it reported last is ours.
    while (receive_object<JournalReport>(socket_)) continue;
}

Chunk& Journal::chunk_for(std::size_t bytes) {
    if (gathering_ && !gathering_->fits(bytes)) hand_over();
    if (gathering_) return *gathering_;
    if (bytes > Chunk::usual_bytes) {
        gathering_ = std::make_unique<Chunk>(bytes);
    } else if (spare_.empty()) {
        gathering_ = std::make_unique<Chunk>(Chunk::usual_bytes);
    } else {
        gathering_ = std::move(spare_.back());
        spare_.pop_back();
    }
    return *gathering_;
}

void Journal::append(std::string_view frame, std::string_view tail) {
    if (!storing_) return;
    const auto length = frame.size() + tail.size();
    const auto bytes = entry_header_bytes + length;
    auto& chunk = chunk_for(bytes);
    char* at = chunk.add(Chunk::Kind::event, length);
    std::memcpy(at, frame.data(), frame.size());
    if (!tail.empty()) std::memcpy(at + frame.size(), tail.data(), tail.size());
    ++chunk.events;
    bytes_in_flight_ += bytes;
}

void Journal::pass(std::string_view frame) {
    if (!storing_) return;
    const auto start = frame.substr(0, topic_in(frame).size() + 1);
    const auto tail = frame.substr(frame.size() - tail_bytes);
    const auto length = start.size() + tail.size();
    const auto bytes = entry_header_bytes + length;
    char* at = chunk_for(bytes).add(Chunk::Kind::passed, length);
    std::memcpy(at, start.data(), start.size());
    std::memcpy(at + start.size(), tail.data(), tail.size());
    bytes_in_flight_ += bytes;
}

Result<Recovered> Journal::recovered(std::uint64_t now_us) const {
    return recover(*store_, now_us);
}

std::uint64_t Journal::put(SideTable table, std::string_view key, std::string_view value) {
    return add_side(Chunk::Kind::put, table, key, value);
}

std::uint64_t Journal::erase(SideTable table, std::string_view key) {
    return add_side(Chunk::Kind::erase, table, key, {});
}

std::uint64_t Journal::add_side(Chunk::Kind kind, SideTable table, std::string_view key,
                                std::string_view value) {
    const SideRecord record{static_cast<unsigned int>(table), key, value};
    write_side_record(add_entry(kind, side_record_bytes(record)), record);
    return last_ticket_;
}

char* Journal::add_entry(Chunk::Kind kind, std::size_t length) {
    const auto bytes = entry_header_bytes + length;
    auto& chunk = chunk_for(bytes);
    chunk.ticket = ++last_ticket_;
    bytes_in_flight_ += bytes;
    return chunk.add(kind, length);
}

Journal::AskedPurge Journal::purge(const v1::JournalPurgeRequest& whom, std::uint64_t now_us) {
    for (const auto& known : purges_) {
        last_purge_ = std::max<std::uint64_t>(last_purge_, known.number());
    }
    last_purge_ = std::max(last_purge_ + 1, now_us);
    v1::StoredPurge stored;
    stored.mutable_purge()->set_number(last_purge_);
    stored.mutable_purge()->set_asked_us(now_us);
    *stored.mutable_whom() = whom;
    const auto bytes = stored.SerializeAsString();
    std::memcpy(add_entry(Chunk::Kind::purge, bytes.size()), bytes.data(), bytes.size());
    return {last_purge_, last_ticket_};
}

Result<void> Journal::for_each(
    SideTable side,
    const std::function<void(std::string_view key, std::string_view value)>& visit) const {
    const auto reader = StoreReader::begin(*store_);
    if (reader.has_error()) return reader.error();
    auto cursor = StoreCursor::open(*reader, side_table(side));
    if (cursor.has_error()) return cursor.error();
    const auto last = find_last(*reader);
    if (last.has_error()) return last.error();
    std::optional<Error> damaged;
    std::uint64_t records = 0;
    auto found = cursor->first();
    for (; found.has_value() && *found; found = cursor->next()) {
        ++records;
        const auto value = unseal(cursor->key(), cursor->value());
        if (value) {
            visit(cursor->key(), *value);
        } else if (!damaged) {
            damaged = Error("the journal's record " + name_of(side_table(side), cursor->key()) +
                            " is damaged");
        }
    }
    if (found.has_error()) return found.error();
    if (damaged) return *damaged;
    const auto expected = last->records.at(side_table(side).number);
    if (records != expected) return missing_error(side_table(side), expected, records);
    return {};
}

void Journal::flush() {
    const auto at = next_flush();
    if (at && clock_.instant() >= *at) hand_over();
}

std::optional<Instant> Journal::next_flush() const {
    if (!gathering_ || gathering_->empty() || chunks_away_ > 0) return std::nullopt;
    return writer_ready_at_;
}

void Journal::hand_over() {
    if (!gathering_ || gathering_->empty()) return;
    auto command = std::make_unique<JournalCommand>();
    command->kind = JournalCommand::Kind::chunk;
    command->chunk = std::move(gathering_);
    ++chunks_away_;
    send_object(socket_, std::move(command));
}

Result<void> Journal::start_epoch(std::uint64_t bus_epoch, std::uint64_t first_offset) {
    hand_over();
    auto command = std::make_unique<JournalCommand>();
    command->kind = JournalCommand::Kind::start_epoch;
    command->epoch = {bus_epoch, first_offset};
    send_object(socket_, std::move(command));
    std::array<zmq_pollitem_t, 1> items = {{{socket_.handle(), 0, ZMQ_POLLIN, 0}}};
    const auto limit = std::chrono::milliseconds(epoch_deadline).count();
    epoch_started_.reset();
    while (!epoch_started_) {
        if (zmq_poll(items.data(), 1, static_cast<long>(limit)) == 0) {
            return Error("the journal '" + options_.folder + "' did not answer within 30 s");
        }
        receive();
    }
    storing_ = epoch_started_->has_value();
    return *epoch_started_;
}

void Journal::receive() {
    while (auto report = receive_object<JournalReport>(socket_)) digest(*report);
    // It may have waited for nothing but the last commit.
    flush();
}

void Journal::digest(JournalReport& report) {
    bytes_in_flight_ -= report.bytes;
    writer_ready_at_ = report.ready_at;
    chunks_away_ -= report.chunks.size();
    for (auto& chunk : report.chunks) {
        const bool keep = spare_.size() < max_spare_chunks && chunk->capacity == Chunk::usual_bytes;
        if (keep) spare_.push_back(std::move(chunk));
    }
    numbers_.deletions = report.deletions;
    numbers_.commits = report.commits;
    numbers_.commit_time = report.commit_time;
    numbers_.file_bytes = report.file_bytes;
    numbers_.oldest_offset = report.oldest_offset;
    if (report.families) numbers_.families = std::move(*report.families);
    if (report.purges) purges_ = std::move(*report.purges);
    std::move(report.purged_states.begin(), report.purged_states.end(),
              std::back_inserter(purged_states_));
    if (report.epoch_started) epoch_started_ = *report.epoch_started;
    if (!report.news) return;
    const auto kind = report.news->kind;
    if (kind == News::Kind::no_room || kind == News::Kind::failed) {
        storing_ = false;
        // What came since goes the same way.
        hand_over();
    }
    news_.push_back(std::move(*report.news));
}

std::optional<News> Journal::take_news() {
    receive();
    if (news_.empty()) return std::nullopt;
    auto news = std::move(news_.front());
    news_.pop_front();
    return news;
}

std::unique_ptr<History> Journal::history() const { return std::make_unique<History>(*store_); }

JournalNumbers Journal::numbers() const {
    auto numbers = numbers_;
    numbers.bytes_in_flight = bytes_in_flight_;
    return numbers;
}

}  // namespace coven::broker
