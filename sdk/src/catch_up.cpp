#include "catch_up.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace coven {

namespace {

/// A loss shows at the next event of its topic or at a beacon, 10 s after it at the latest: what is
/// older than this number of ticks, one a second, is complete.
constexpr std::size_t ticks_to_settle = 30;
/// Ticks from one look for topics that need not be remembered any more to the next.
constexpr int ticks_to_forget = 30;

v1::Position position_of(std::uint64_t bus_epoch, std::uint64_t offset) {
    v1::Position position;
    position.set_bus_epoch(bus_epoch);
    position.set_offset(offset);
    return position;
}

/// What tells an event from others of its topic. States of one thing share its id, but each of them
/// counts.
std::string key_of(const v1::Event& event) {
    if ((event.flags() & v1::EVENT_FLAG_STATE) == 0) return event.id();
    if (event.producer_id() == 0) return {};
    return fmt::format("{:x} {:x}", event.producer_id(), event.producer_seq());
}

}  // namespace

CatchUp::CatchUp(const From::Choice& from, Time now) : beginning_(from) {
    if (const auto* ago = std::get_if<From::Ago>(&from)) {
        const auto past = std::chrono::duration_cast<std::chrono::microseconds>(ago->before_now);
        beginning_ = From::Choice(now - past);
    }
    if (const auto* after = std::get_if<From::Position>(&from)) {
        position_ = position_of(after->bus_epoch, after->offset);
        beginning_.reset();
    }
}

void CatchUp::ask_next(v1::HistoryReadRequest& request) const {
    if (!beginning_) {
        *request.mutable_after() = position_;
    } else if (const auto* time = std::get_if<Time>(&*beginning_)) {
        request.set_since_us(microseconds_since_epoch(*time));
    } else {
        request.mutable_first();
    }
}

CatchUp::Verdict CatchUp::stored(const Event& event) {
    const auto& message = event.message();
    // Numbers of a later epoch mean something else, although they may be as small.
    if (message.bus_epoch() <= live_epoch_) {
        const auto found = live_.find(event.topic());
        if (found != live_.end() && message.offset() <= found->second) return Verdict::known;
    }
    return is_new(event) ? Verdict::hand_out : Verdict::repeat;
}

bool CatchUp::read_to(const v1::Position& next, const v1::Position& committed) {
    const bool further = beginning_.has_value() || next.offset() != position_.offset() ||
                         next.bus_epoch() != position_.bus_epoch();
    beginning_.reset();
    position_ = next;
    const bool all_read = next.offset() >= committed.offset();
    if (phase_ == Phase::reading && all_read) phase_ = Phase::subscribing;
    if (phase_ == Phase::joining) look_whether_joined();
    return further;
}

void CatchUp::subscribed(const v1::Barrier& barrier) {
    barrier_ = barrier;
    phase_ = Phase::joining;
    look_whether_joined();
}

void CatchUp::look_whether_joined() {
    // The broker has started anew since it answered: its numbers are no longer those of the
    // barrier.
    if (position_.bus_epoch() > barrier_.bus_epoch()) return go_back();
    const auto place = place_of(position_);
    if (place >= barrier_.offset()) go_live(place);
}

void CatchUp::go_live(std::uint64_t after) {
    phase_ = Phase::live;
    floor_ = std::max(after, barrier_.offset());
    newest_ = floor_;
    marks_.clear();
    live_.clear();
    live_epoch_ = barrier_.bus_epoch();
    // Reading on from there means the same.
    if (position_.bus_epoch() == live_epoch_) position_.set_offset(floor_);
}

std::uint64_t CatchUp::place_of(const v1::Position& position) const {
    auto place = position.offset();
    for (const auto& epoch : barrier_.epochs()) {
        const bool later = epoch.bus_epoch() > position.bus_epoch();
        if (later) place = std::min(place, epoch.first_offset() - 1);
    }
    return place;
}

CatchUp::Verdict CatchUp::heard(const Event& event) {
    const auto& message = event.message();
    // The broker's own, without a number.
    if (message.offset() == 0) return Verdict::hand_out;
    // What an earlier life of the broker left in the queues comes from history, if it was stored.
    if (message.bus_epoch() != live_epoch_ || message.offset() <= floor_) return Verdict::known;
    newest_ = std::max(newest_, message.offset());
    live_[event.topic()] = message.offset();
    return is_new(event) ? Verdict::hand_out : Verdict::repeat;
}

void CatchUp::tick() {
    if (phase_ != Phase::live) return;
    marks_.push_back(newest_);
    if (marks_.size() <= ticks_to_settle) return;
    if (marks_.front() > floor_) position_ = position_of(live_epoch_, marks_.front());
    marks_.pop_front();
    if (++ticks_ % ticks_to_forget == 0) forget_settled();
}

void CatchUp::forget_settled() {
    if (position_.bus_epoch() != live_epoch_) return;
    const auto settled = position_.offset();
    std::erase_if(live_, [settled](const auto& newest) { return newest.second <= settled; });
}

void CatchUp::go_back() { phase_ = Phase::reading; }

std::optional<v1::Lost> CatchUp::give_history_up() {
    const auto place = place_of(position_);
    go_live(place);
    if (place >= floor_) return std::nullopt;
    v1::Lost lost;
    lost.set_reason(v1::Lost::REASON_SKIPPED);
    lost.set_bus_epoch(live_epoch_);
    lost.set_after_offset(place);
    lost.set_through_offset(floor_);
    return lost;
}

bool CatchUp::is_new(const Event& event) {
    // By the time of the stream: history is read faster than it happened.
    const Instant then{std::chrono::microseconds(event.message().ingest_us())};
    return recent_.is_new(event.topic(), key_of(event.message()), then);
}

}  // namespace coven
