#include "storage.hpp"

#include <algorithm>
#include <cstring>

#include "coven/log.hpp"
#include "raw_field.hpp"

namespace coven::broker {

namespace {

using std::chrono::seconds;

/// How long a journal may keep publishers waiting before events go on without it.
constexpr auto patience = seconds(2);
constexpr auto retry_pause = seconds(1);

/// The mark of a publisher whose newest events were refused, so that no stored event tells of them.
struct RefusedMark {
    std::uint64_t producer_id = 0;
    std::uint64_t producer_seq = 0;
    std::uint64_t last_us = 0;
};

template <class Numbers>
std::string_view bytes_of(const Numbers& numbers) {
    return {reinterpret_cast<const char*>(&numbers), sizeof numbers};
}

std::uint64_t unix_seconds(const Moment& now) { return now.unix_us / 1'000'000; }

}  // namespace

Storage::Storage(const Parts& parts, std::unique_ptr<Journal> journal)
    : parts_(parts), journal_(std::move(journal)) {}

Result<void> Storage::begin(Recovered recovered, const Moment& now) {
    // In this life of the broker epochs may have gone by that were not stored.
    const auto last = std::max(recovered.last_epoch, parts_.router.bus_epoch());
    const auto epoch = parts_.folder.next_epoch(std::max(last + 1, unix_seconds(now)));
    if (epoch.has_error()) return epoch.error();
    const auto first_offset = recovered.last_offset + 1;
    if (journal_ != nullptr) {
        const auto started = journal_->start_epoch(*epoch, first_offset);
        if (started.has_error()) return started.error();
        restore_refused_marks(recovered);
        storing_ = true;
        put_marks_.clear();
    }
    parts_.router.begin_epoch({*epoch, first_offset},
                              storing_ ? Router::Keeping::stored : Router::Keeping::none);
    parts_.router.restore(recovered, now);
    parts_.states.restore(recovered.states);
    return {};
}

void Storage::append(std::string_view frame) {
    if (!storing_) return;
    journal_->append(parts_.keep_raw ? frame : without_raw(frame, stripped_));
}

void Storage::pass(std::string_view frame) {
    if (storing_) journal_->pass(frame);
}

void Storage::flush(const Moment& now) {
    put_refused_marks(now);
    if (journal_ != nullptr) journal_->flush();
}

void Storage::serve(const Moment& now) {
    if (journal_ == nullptr) return;
    while (const auto news = journal_->take_news()) digest(*news, now);
    for (const auto& state : journal_->take_purged_states()) {
        parts_.states.forget(state.topic, state.offset);
    }
    watch_room(now);
    if (retry_at_ && now.instant >= *retry_at_) regain(now);
}

std::optional<Instant> Storage::next_look() const {
    auto next = journal_ == nullptr ? std::nullopt : journal_->next_flush();
    const auto look = full_since_ ? *full_since_ + patience : retry_at_;
    if (!next || !look) return next ? next : look;
    return std::min(*next, *look);
}

void Storage::digest(const News& news, const Moment& now) {
    switch (news.kind) {
        case News::Kind::committed:
            stored_ticket_ = news.ticket;
            settle_refused_marks();
            return parts_.router.commit(news.offset);
        case News::Kind::no_room:
            dropped_ticket_ = std::max(dropped_ticket_, news.ticket);
            return degrade(news.reason, now);
        case News::Kind::dropped:
            dropped_ticket_ = std::max(dropped_ticket_, news.ticket);
            return;
        case News::Kind::room_again:
            return regain(now);
        case News::Kind::failed:
            failure_ = news.reason;
            return;
    }
}

void Storage::watch_room(const Moment& now) {
    if (takes_events()) {
        full_since_.reset();
    } else if (!full_since_) {
        full_since_ = now.instant;
    } else if (now.instant - *full_since_ >= patience) {
        degrade("the disk has not kept up for 2 s", now);
        retry_at_ = now.instant + retry_pause;
    }
}

void Storage::degrade(const std::string& reason, const Moment& now) {
    full_since_.reset();
    if (!storing_) return;
    storing_ = false;
    put_marks_.clear();
    reason_ = reason;
    auto& router = parts_.router;
    const auto earliest = std::max(router.bus_epoch() + 1, unix_seconds(now));
    // On a full disk the new number may not be kept; then only the clock keeps it from being used
    // again, by a broker that is started within this second.
    const auto kept = parts_.folder.next_epoch(earliest);
    router.begin_epoch({kept.has_value() ? *kept : earliest, router.head() + 1},
                       Router::Keeping::missed);
    log::error("not_stored", {{"reason", reason},
                              {"committed", router.committed()},
                              {"head", router.head()},
                              {"bus_epoch", router.bus_epoch()}});
    announcement_.emplace();
    announcement_->set_reason(reason);
    announcement_->set_since_us(now.unix_us);
    announcement_->set_committed(router.committed());
}

Result<void> Storage::store_again(const Moment& now) {
    auto recovered = journal_->recovered(now.unix_us);
    if (recovered.has_error()) return recovered.error();
    return begin(std::move(*recovered), now);
}

void Storage::regain(const Moment& now) {
    retry_at_.reset();
    if (storing_) return;
    // What was on its way to the disk when it fell behind is still being stored.
    const bool busy = journal_->numbers().bytes_in_flight > 0;
    const auto again = busy ? Result<void>(Error("the disk is still behind")) : store_again(now);
    if (again.has_error()) {
        log::warn("still_not_stored", {{"reason", again.error().message}});
        retry_at_ = now.instant + retry_pause;
        return;
    }
    reason_.clear();
    log::info("stored_again", {{"first_offset", parts_.router.head() + 1},
                               {"bus_epoch", parts_.router.bus_epoch()}});
    announcement_.emplace();
    announcement_->set_since_us(now.unix_us);
    announcement_->set_committed(parts_.router.committed());
}

std::optional<v1::Degraded> Storage::take_announcement() {
    return std::exchange(announcement_, std::nullopt);
}

std::uint64_t Storage::put(SideTable table, std::string_view key, std::string_view value) {
    return storing_ ? journal_->put(table, key, value) : 0;
}

std::uint64_t Storage::erase(SideTable table, std::string_view key) {
    return storing_ ? journal_->erase(table, key) : 0;
}

Journal::AskedPurge Storage::purge(const v1::JournalPurgeRequest& whom, const Moment& now) {
    return storing_ ? journal_->purge(whom, now.unix_us) : Journal::AskedPurge();
}

void Storage::put_refused_marks(const Moment& now) {
    auto& producers = parts_.router.producers();
    for (const auto id : producers.take_refused()) {
        const auto* mark = std::as_const(producers).find(id);
        if (mark == nullptr) continue;
        const RefusedMark refused{id, mark->used_seq, now.unix_us};
        const auto ticket = put(SideTable::marks, bytes_of(id), bytes_of(refused));
        put_marks_.push_back({ticket, id, mark->used_seq});
    }
    if (!storing_) settle_refused_marks();
}

void Storage::settle_refused_marks() {
    while (!put_marks_.empty() && put_marks_.front().ticket <= stored_ticket_) {
        const auto& mark = put_marks_.front();
        parts_.router.producers().refusals_stored(mark.producer_id, mark.seq);
        put_marks_.pop_front();
    }
}

void Storage::restore_refused_marks(Recovered& recovered) {
    const auto read =
        journal_->for_each(SideTable::marks, [&](std::string_view, std::string_view value) {
            RefusedMark mark;
            if (value.size() != sizeof mark) return;
            std::memcpy(&mark, value.data(), sizeof mark);
            recovered.marks.push_back({mark.producer_id, mark.producer_seq, mark.last_us});
        });
    if (read.has_error()) log::error("journal_damaged", {{"reason", read.error().message}});
    const auto older = [](const Recovered::Mark& one, const Recovered::Mark& other) {
        return one.last_us < other.last_us;
    };
    std::sort(recovered.marks.begin(), recovered.marks.end(), older);
}

}  // namespace coven::broker
