#include "journal/writer.hpp"

#include <algorithm>

#include "coven/background_thread.hpp"
#include "inproc_pair.hpp"

namespace coven::broker {

namespace {

using std::chrono::milliseconds;

constexpr auto duties_interval = std::chrono::seconds(1);
constexpr auto wipe_interval = milliseconds(5);
constexpr auto purge_report_interval = milliseconds(100);
constexpr std::uint64_t least_room = std::uint64_t{1} << 20;

}  // namespace

JournalWriter::JournalWriter(zmq::context_t& context, const std::string& endpoint,
                             const Clock& clock, const Journal::Options& options, Store& store,
                             std::unique_ptr<Ledger> ledger)
    : clock_(clock),
      options_(options),
      store_(store),
      ledger_(std::move(ledger)),
      socket_(inproc_pair(context)) {
    for (const auto& [name, family] : ledger_->families().all()) gathering_.know(name);
    if (options.honour_deletes) gathering_.collect_deletions();
    socket_.connect(endpoint);
    duties_at_ = clock_.instant();
    // The socket moves into the thread, which is a full fence; nobody else touches it from here.
    thread_ = start_background_thread([this] { run(); }, Precedence::behind_the_loop);
}

void JournalWriter::run() {
    while (!stopped_) {
        wait();
        receive();
        work();
        do_duties();
        if (purging() && clock_.instant() >= purge_at_) purge();
    }
    if (unsynced_) static_cast<void>(store_.sync());
}

void JournalWriter::wait() {
    if (!commands_.empty()) return;
    auto next = duties_at_;
    if (purging()) next = std::min(next, purge_at_);
    if (unsynced_) next = std::min(next, sync_at_);
    if (state_ == State::no_room) next = std::min(next, retry_at_);
    const auto left = std::chrono::ceil<milliseconds>(next - clock_.instant());
    zmq_pollitem_t item = {socket_.handle(), 0, ZMQ_POLLIN, 0};
    zmq_poll(&item, 1, static_cast<long>(std::max(left, milliseconds(0)).count()));
}

void JournalWriter::receive() {
    std::size_t bytes = 0;
    for (const auto& command : commands_) bytes += command->chunk ? command->chunk->used : 0;
    while (bytes < options_.max_bytes_in_flight / 2) {
        auto command = receive_object<JournalCommand>(socket_);
        if (!command) return;
        if (command->chunk) bytes += command->chunk->used;
        commands_.push_back(std::move(command));
    }
}

void JournalWriter::work() {
    while (!commands_.empty()) {
        if (commands_.front()->kind == JournalCommand::Kind::chunk) {
            commit();
            continue;
        }
        const auto command = std::move(commands_.front());
        commands_.pop_front();
        if (command->kind == JournalCommand::Kind::stop) stopped_ = true;
        if (command->kind == JournalCommand::Kind::start_epoch) start_epoch(command->epoch);
    }
}

std::unique_ptr<JournalReport> JournalWriter::report_on(Chunks& chunks) {
    auto report = std::make_unique<JournalReport>();
    auto& news = report->news.emplace();
    for (const auto& chunk : chunks) {
        news.events += chunk->events;
        news.bytes += chunk->used;
        news.ticket = std::max(news.ticket, chunk->ticket);
        report->bytes += chunk->used;
        chunk->clear();
    }
    news.offset = ledger_->last().offset;
    report->chunks = std::move(chunks);
    return report;
}

void JournalWriter::commit() {
    Chunks chunks;
    while (!commands_.empty() && commands_.front()->kind == JournalCommand::Kind::chunk) {
        chunks.push_back(std::move(commands_.front()->chunk));
        commands_.pop_front();
    }
    const auto begin = clock_.instant();
    ready_at_ = begin + options_.commit_interval;
    if (state_ != State::storing) return drop(std::move(chunks));
    for (const auto& chunk : chunks) gathering_.add(*chunk);
    const auto committed = ledger_->commit(gathering_, now_us());
    gathering_.clear();
    const auto end = clock_.instant();
    ++commits_;
    commit_time_ += end - begin;
    if (options_.durability == Durability::interval && !unsynced_) {
        unsynced_ = true;
        sync_at_ = end + options_.sync_interval;
    }
    auto report = report_on(chunks);
    if (committed.has_error()) {
        fail(committed.error(), *report);
    } else {
        committed_ticket_ = std::max(committed_ticket_, report->news->ticket);
        report->news->ticket = committed_ticket_;
        if (!ledger_->purges().idle()) add_purges(*report);
    }
    send(std::move(report));
}

void JournalWriter::drop(Chunks chunks) {
    auto report = report_on(chunks);
    report->news->kind = News::Kind::dropped;
    send(std::move(report));
}

void JournalWriter::fail(const StoreError& error, JournalReport& report) {
    auto& news = report.news ? *report.news : report.news.emplace();
    news.reason = error.message;
    news.offset = ledger_->last().offset;
    if (error.kind == StoreError::Kind::no_room) {
        state_ = State::no_room;
        news.kind = News::Kind::no_room;
        retry_at_ = clock_.instant() + options_.retry_interval;
        return;
    }
    state_ = State::failed;
    news.kind = News::Kind::failed;
    unsynced_ = false;
}

void JournalWriter::start_epoch(const Epoch& epoch) {
    auto report = std::make_unique<JournalReport>();
    if (state_ == State::failed) {
        report->epoch_started = Error("the journal '" + options_.folder + "' has failed before");
        return send(std::move(report));
    }
    report->epoch_started = ledger_->start_epoch(epoch.bus_epoch, epoch.first_offset);
    if (report->epoch_started->has_value()) {
        state_ = State::storing;
    } else if (state_ == State::room_found) {
        state_ = State::no_room;
        retry_at_ = clock_.instant() + options_.retry_interval;
    }
    send(std::move(report));
}

void JournalWriter::do_duties() {
    const auto now = clock_.instant();
    if (unsynced_ && now >= sync_at_) {
        unsynced_ = false;
        const auto synced = store_.sync();
        auto report = std::make_unique<JournalReport>();
        if (synced.has_error()) {
            fail(synced.error(), *report);
            send(std::move(report));
        }
    }
    if (state_ == State::no_room && now >= retry_at_) look_for_room();
    if (now >= duties_at_) {
        duties_at_ = now + duties_interval;
        auto report = std::make_unique<JournalReport>();
        if (state_ == State::storing) {
            const auto expired = ledger_->expire(now_us());
            if (expired.has_error()) fail(expired.error(), *report);
        }
        add_families(*report);
        send(std::move(report));
    }
}

void JournalWriter::purge() {
    auto forgotten = ledger_->purge(now_us());
    auto report = std::make_unique<JournalReport>();
    if (forgotten.has_error()) {
        fail(forgotten.error(), *report);
        return send(std::move(report));
    }
    if (!unsynced_ && options_.durability == Durability::interval) {
        unsynced_ = true;
        sync_at_ = clock_.instant() + options_.sync_interval;
    }
    const auto now = clock_.instant();
    // To wipe is to write, and may have to wait for readers.
    purge_at_ = ledger_->purges().is_wiping() ? now + wipe_interval : now;
    const bool worth_a_word =
        !forgotten->empty() || ledger_->purges().idle() || now >= purge_report_at_;
    if (!worth_a_word) return;
    purge_report_at_ = now + purge_report_interval;
    report->purged_states = std::move(*forgotten);
    add_purges(*report);
    send(std::move(report));
}

void JournalWriter::look_for_room() {
    const auto need = options_.max_bytes_in_flight / 2 + least_room;
    auto found = ledger_->expire(now_us());
    if (found.has_value()) found = ledger_->make_room(need);
    auto report = std::make_unique<JournalReport>();
    if (found.has_error()) {
        retry_at_ = clock_.instant() + options_.retry_interval;
        if (found.error().kind == StoreError::Kind::no_room) return;
        fail(found.error(), *report);
        return send(std::move(report));
    }
    state_ = State::room_found;
    auto& news = report->news.emplace();
    news.kind = News::Kind::room_again;
    news.offset = ledger_->last().offset;
    send(std::move(report));
}

void JournalWriter::add_purges(JournalReport& report) const {
    report.purges = ledger_->purges().all();
}

void JournalWriter::add_families(JournalReport& report) {
    auto& numbers = report.families.emplace();
    for (const auto& [name, family] : ledger_->families().all()) {
        numbers.push_back({name, family.record.events, family.record.bytes,
                           family.oldest ? family.oldest->offset : 0, family.removed_events,
                           family.removed_bytes});
    }
}

void JournalWriter::send(std::unique_ptr<JournalReport> report) {
    report->ready_at = ready_at_;
    const auto usage = store_.usage();
    report->file_bytes = usage.pages * usage.page_bytes;
    report->deletions = ledger_->purges().deletions();
    report->commits = commits_;
    report->commit_time = commit_time_;
    for (const auto& [name, family] : ledger_->families().all()) {
        if (!family.oldest) continue;
        const auto offset = family.oldest->offset;
        report->oldest_offset =
            report->oldest_offset == 0 ? offset : std::min(report->oldest_offset, offset);
    }
    send_object(socket_, std::move(report));
}

}  // namespace coven::broker
