#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "coven/backoff.hpp"
#include "coven/clock.hpp"
#include "coven/token_store.hpp"

namespace token {

/// Decides what is to be done for one account, and when. It does nothing itself.
///
/// Twitch wants a token validated at the start and each hour by whoever keeps one, and what it
/// refuses dropped (https://dev.twitch.tv/docs/authentication/validate-tokens, read 2026-11-22).
/// "Refused" is Twitch's word; "unreachable" is none, and changes nothing but when to ask again.
class TokenKeeper {
  public:
    struct Limits {
        coven::Duration validate_every = std::chrono::hours(1);
        /// A pair is refreshed when less of its life than this is left.
        std::chrono::microseconds refresh_before = std::chrono::minutes(10);
        /// However often its access is said to be refused, a new pair lives this long.
        coven::Duration between_refreshes = std::chrono::seconds(30);
        /// Twitch has refused good tokens before, for some hours
        /// (https://github.com/twitchdev/issues/issues/1037, read 2026-11-22).
        coven::Duration ask_again = std::chrono::hours(1);
        coven::Backoff::Limits pauses{std::chrono::seconds(1), std::chrono::minutes(5)};
    };
    enum class Task { validate, refresh, refresh_with_previous };
    struct Step {
        Task task = Task::validate;
        /// Now, where it is not in the future.
        coven::Instant when;
    };
    enum class Outcome {
        good,
        /// Twitch says no, of this token or of this application.
        refused,
        /// No answer, or one that says nothing of the token.
        unreachable,
    };
    enum class State { unknown, valid, unreachable, rejected };
    struct Moment {
        coven::Time time;
        coven::Instant instant;
    };

    TokenKeeper(const Limits& limits, std::uint64_t seed);

    /// The account's pair as it is in the store: at the start, and whenever somebody changed it.
    /// Nothing that was found out about the pair before counts any more.
    void take(const coven::StoredToken& pair, Moment now);
    /// Twitch has given `pair` for a refresh.
    void refreshed(const coven::StoredToken& pair, Moment now);
    /// What came of a validation; `pair` with what it told.
    void validated(Outcome outcome, const coven::StoredToken& pair, Moment now);
    /// What came of a refresh that brought no pair.
    void refresh_failed(Task task, Outcome outcome, Moment now);
    /// The store has no room: nothing was asked of Twitch.
    void postpone_refresh(Moment now);

    /// A connector's token was refused.
    void report_refused(Moment now);
    /// Somebody wants to know now.
    void want_validation(Moment now);

    /// What is next.
    Step next(Moment now) const;
    State state() const;
    /// Whether the access ends soon and nothing of ours will prevent it.
    bool is_ending(coven::Time now) const;
    /// Whether a refresh is possible and has not been refused.
    bool is_refreshable() const { return has_refresh_ && !refresh_refused_; }

  private:
    void know(const coven::StoredToken& pair);
    coven::Instant instant_of(coven::Time time, Moment now) const;

    Limits limits_;
    coven::Backoff validate_pause_;
    coven::Backoff refresh_pause_;

    bool has_refresh_ = false;
    bool has_previous_ = false;
    coven::Time expires_at_{};

    coven::Instant validate_at_{};
    /// Not earlier; with `refresh_wanted_` also not later.
    coven::Instant refresh_from_{};
    bool refresh_wanted_ = false;
    bool previous_is_next_ = false;

    bool known_good_ = false;
    bool access_refused_ = false;
    bool refresh_refused_ = false;
    bool unreachable_ = false;
};

}  // namespace token
