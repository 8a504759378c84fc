#include "token_keeper.hpp"

#include <algorithm>

namespace token {

using coven::Instant;
using coven::StoredToken;
using coven::Time;

namespace {

/// What Twitch rounds away of a life in whole seconds.
constexpr auto after_the_end = std::chrono::seconds(1);
/// No wait is as long.
constexpr auto far_away = std::chrono::hours(24 * 365);

}  // namespace

TokenKeeper::TokenKeeper(const Limits& limits, std::uint64_t seed)
    : limits_(limits), validate_pause_(limits.pauses, seed), refresh_pause_(limits.pauses, ~seed) {
    // The first pause of a Backoff is none; we have just tried.
    validate_pause_.next();
    refresh_pause_.next();
}

void TokenKeeper::know(const StoredToken& pair) {
    has_refresh_ = !pair.refresh.empty();
    has_previous_ = !pair.previous_refresh.empty();
    expires_at_ = pair.expires_at;
}

void TokenKeeper::take(const StoredToken& pair, Moment now) {
    know(pair);
    validate_at_ = now.instant;
    refresh_from_ = now.instant;
    refresh_wanted_ = false;
    previous_is_next_ = false;
    known_good_ = false;
    access_refused_ = false;
    refresh_refused_ = false;
    unreachable_ = false;
}

void TokenKeeper::refreshed(const StoredToken& pair, Moment now) {
    take(pair, now);
    known_good_ = true;
    refresh_from_ = now.instant + limits_.between_refreshes;
    refresh_pause_.reset();
    refresh_pause_.next();
}

void TokenKeeper::validated(Outcome outcome, const StoredToken& pair, Moment now) {
    unreachable_ = outcome == Outcome::unreachable;
    if (unreachable_) {
        validate_at_ = now.instant + validate_pause_.next();
        return;
    }
    validate_pause_.reset();
    validate_pause_.next();
    know(pair);
    known_good_ = outcome == Outcome::good;
    access_refused_ = !known_good_;
    // At the end of its life Twitch's word is wanted, too.
    const auto end = instant_of(expires_at_, now);
    validate_at_ = now.instant + limits_.validate_every;
    if (known_good_)
        validate_at_ = std::min(validate_at_, std::max(end, now.instant) + after_the_end);
}

void TokenKeeper::refresh_failed(Task task, Outcome outcome, Moment now) {
    unreachable_ = outcome == Outcome::unreachable;
    if (unreachable_) {
        refresh_from_ = now.instant + refresh_pause_.next();
        return;
    }
    refresh_pause_.reset();
    refresh_pause_.next();
    // What was sent may have reached Twitch although we heard no answer; or the answer was lost
    // with us. The pair before may live on.
    previous_is_next_ = task == Task::refresh && has_previous_;
    if (previous_is_next_) return;
    refresh_refused_ = true;
    refresh_from_ = now.instant + limits_.ask_again;
    // The access may still be good for hours.
    if (!access_refused_) validate_at_ = now.instant;
}

void TokenKeeper::postpone_refresh(Moment now) {
    refresh_from_ = now.instant + refresh_pause_.next();
}

void TokenKeeper::report_refused(Moment now) {
    if (is_refreshable()) {
        refresh_wanted_ = true;
    } else {
        want_validation(now);
    }
}

void TokenKeeper::want_validation(Moment now) {
    validate_at_ = std::min(validate_at_, now.instant);
}

Instant TokenKeeper::instant_of(Time time, Moment now) const {
    const auto never = time > now.time + far_away;
    return now.instant + (never ? far_away : coven::Duration(time - now.time));
}

TokenKeeper::Step TokenKeeper::next(Moment now) const {
    Step step{Task::validate, validate_at_};
    if (!has_refresh_) return step;
    auto refresh_at = refresh_from_;
    const bool at_once = refresh_wanted_ || access_refused_ || previous_is_next_;
    if (!at_once && expires_at_ == Time::max()) return step;
    if (!at_once) {
        refresh_at = std::max(refresh_at, instant_of(expires_at_ - limits_.refresh_before, now));
    }
    // It is no use to ask about what is refused, unless nothing else is left to ask.
    const bool validation_is_idle = access_refused_ && !refresh_refused_;
    if (!validation_is_idle && validate_at_ < refresh_at) return step;
    return {previous_is_next_ ? Task::refresh_with_previous : Task::refresh, refresh_at};
}

TokenKeeper::State TokenKeeper::state() const {
    if (access_refused_ && !is_refreshable()) return State::rejected;
    if (unreachable_) return State::unreachable;
    if (access_refused_) return State::unknown;
    return known_good_ ? State::valid : State::unknown;
}

bool TokenKeeper::is_ending(Time now) const {
    if (expires_at_ == Time::max() || expires_at_ - now >= limits_.refresh_before) return false;
    return !is_refreshable() || unreachable_;
}

}  // namespace token
