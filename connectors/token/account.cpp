#include "account.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "coven/log.hpp"
#include "coven/race.hpp"

namespace asio = boost::asio;

namespace token {

using coven::StoredToken;
using coven::Time;
using coven::v1::Reply;
using twitch::v1::TokenStatus;

namespace {

/// A wait is no longer than this: a machine that slept has a later day than its steady clock knows.
constexpr auto longest_wait = std::chrono::seconds(30);
/// Between two tries to write what Twitch gave.
constexpr auto store_pause = std::chrono::seconds(1);

bool same_pair(const StoredToken& one, const StoredToken& other) {
    return one.obtained_at == other.obtained_at && one.access.reveal() == other.access.reveal();
}

Time end_of_life(Time now, std::chrono::seconds life) {
    // Twitch says 0 of tokens that never expire.
    return life.count() == 0 ? Time::max() : now + life;
}

void count(TokenNumbers::Outcomes& counts, TokenKeeper::Outcome outcome) {
    ++counts.at(static_cast<std::size_t>(outcome));
}

}  // namespace

Account::Account(Workshop& workshop, std::string login)
    : workshop_(workshop),
      login_(std::move(login)),
      keeper_(workshop.limits, std::hash<std::string>()(login_)),
      wake_(workshop.executor),
      done_(workshop.executor) {}

Account::~Account() {
    workshop_.numbers.accounts.erase(login_);
    if (!unstored_) return;
    coven::log::error("pair_lost", {{"login", login_},
                                    {"reason", store_fault_},
                                    {"advice", "log in again with `coven login`"}});
}

asio::awaitable<void> Account::run() {
    while (!is_gone_) co_await work_once();
}

void Account::look_again() {
    look_again_ = true;
    wake_.ring();
}

asio::awaitable<void> Account::work_once() {
    if (look_again_) load();
    if (unstored_) store_new_pair();
    if (is_gone_) co_return;
    const auto moment = now();
    if (unstored_) {
        co_await wait_until(moment.instant + store_pause);
    } else if (!pair_) {
        co_await wait_until(moment.instant + longest_wait);
    } else {
        note_state();
        const auto step = keeper_.next(moment);
        if (step.when <= moment.instant) {
            co_await do_task(step.task);
        } else {
            co_await wait_until(std::min(step.when, moment.instant + longest_wait));
        }
    }
}

asio::awaitable<void> Account::wait_until(coven::Instant when) {
    co_await coven::race(workshop_.clock.sleep_until(when), wake_.wait());
}

void Account::load() {
    auto found = workshop_.store.read(login_);
    // Somebody may mend it without changing the file itself.
    look_again_ = found.has_error();
    if (found.has_error()) return fail(found.error().message, "unreadable");
    take(std::move(*found));
}

void Account::take(std::optional<StoredToken> found) {
    store_fault_.clear();
    if (!found) {
        is_gone_ = true;
        if (pair_) publish("revoked", "it was taken out of the token store");
        return done_.ring();
    }
    const bool is_new = !pair_ || !same_pair(*pair_, *found);
    pair_ = std::move(found);
    if (!is_new) return;
    coven::log::info("taken", {{"login", login_}, {"scopes", pair_->scopes.size()}});
    trouble_.clear();
    ending_told_ = false;
    keeper_.take(*pair_, now());
    done_.ring();
}

asio::awaitable<void> Account::do_task(TokenKeeper::Task task) {
    if (task == TokenKeeper::Task::validate) {
        co_await validate_now();
    } else {
        // Apart, as it forgets that it was cancelled: its caller must not.
        auto refreshing = refresh_to_the_end(task);
        co_await asio::co_spawn(workshop_.executor, std::move(refreshing), asio::use_awaitable);
    }
    note_state();
    done_.ring();
}

asio::awaitable<void> Account::validate_now() {
    const auto answer = co_await workshop_.server.validate(pair_->access);
    ++validations_;
    if (answer.has_value()) {
        count(workshop_.numbers.validations, Outcome::good);
        note_validation(*answer);
    } else {
        const auto outcome = note_failure("validate", answer.error());
        count(workshop_.numbers.validations, outcome);
        keeper_.validated(outcome, *pair_, now());
    }
}

void Account::note_validation(const coven::Validation& validation) {
    auto fresh = *pair_;
    const auto time = workshop_.clock.now();
    fresh.user_id = validation.user_id;
    fresh.client_id = validation.client_id;
    fresh.scopes = validation.scopes;
    fresh.expires_at = end_of_life(time, validation.expires_in);
    fresh.validated_at = time;
    fresh.previous_access = {};
    fresh.previous_refresh = {};
    if (validation.login != login_ && !coven::login_fault(validation.login)) {
        return rename(std::move(fresh), validation.login);
    }
    const auto replaced = workshop_.store.replace(fresh, *pair_);
    if (replaced.has_error()) {
        fail(replaced.error().message, "unwritten");
    } else if (*replaced == coven::TokenStore::Replaced::outdated) {
        look_again_ = true;
        return;
    } else {
        store_fault_.clear();
    }
    pair_ = std::move(fresh);
    trouble_.clear();
    keeper_.validated(Outcome::good, *pair_, now());
    publish("validated", "");
}

void Account::rename(StoredToken pair, const std::string& login) {
    coven::log::info("renamed", {{"login", login_}, {"now", login}});
    pair.login = login;
    const auto there = workshop_.store.read(login);
    const bool is_free = there.has_value() && !*there;
    if (is_free) {
        const auto written = workshop_.store.write(pair);
        if (written.has_error()) {
            keeper_.validated(Outcome::good, *pair_, now());
            return fail(written.error().message, "unwritten");
        }
    }
    const auto removed = workshop_.store.remove(login_);
    if (removed.has_error()) return fail(removed.error().message, "unwritten");
    is_gone_ = true;
    publish("revoked", "the account is called '" + login + "' now");
}

asio::awaitable<void> Account::refresh_to_the_end(TokenKeeper::Task task) {
    // Once Twitch has given a pair, the one before is void: it must reach the disk.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    const auto tried = workshop_.store.try_write(*pair_);
    if (tried.has_error()) {
        keeper_.postpone_refresh(now());
        fail(tried.error().message, "unwritten");
        co_return;
    }
    const bool current = task == TokenKeeper::Task::refresh;
    const auto& key = current ? pair_->refresh : pair_->previous_refresh;
    auto answer = co_await workshop_.server.refresh(key, pair_->client_id);
    if (answer.has_value()) {
        count(workshop_.numbers.refreshes, Outcome::good);
        take_new_pair(std::move(*answer));
    } else {
        const auto outcome = note_failure("refresh", answer.error());
        count(workshop_.numbers.refreshes, outcome);
        keeper_.refresh_failed(task, outcome, now());
    }
}

void Account::take_new_pair(coven::TokenPair given) {
    auto fresh = *pair_;
    const auto time = workshop_.clock.now();
    fresh.previous_access = pair_->access;
    fresh.previous_refresh = pair_->refresh;
    fresh.access = std::move(given.access);
    // A confidential application's stays the same, and may be left out.
    if (!given.refresh.empty()) fresh.refresh = std::move(given.refresh);
    if (!given.scopes.empty()) fresh.scopes = std::move(given.scopes);
    // It names the pair: each has a later one, even when somebody set the clock back.
    fresh.obtained_at = std::max(time, pair_->obtained_at + std::chrono::microseconds(1));
    fresh.expires_at = end_of_life(time, given.expires_in);
    fresh.validated_at = {};
    unstored_ = std::move(fresh);
    store_new_pair();
}

void Account::store_new_pair() {
    const auto replaced = workshop_.store.replace(*unstored_, *pair_);
    if (replaced.has_error()) return fail(replaced.error().message, "unwritten");
    auto fresh = *std::exchange(unstored_, std::nullopt);
    store_fault_.clear();
    if (*replaced == coven::TokenStore::Replaced::outdated) {
        // Somebody has logged in again meanwhile: that counts.
        look_again_ = true;
        return;
    }
    pair_ = std::move(fresh);
    trouble_.clear();
    ending_told_ = false;
    keeper_.refreshed(*pair_, now());
    coven::log::info("refreshed", {{"login", login_}});
    publish("refreshed", "");
    done_.ring();
}

Account::Outcome Account::note_failure(const char* what, const coven::OauthError& error) {
    using Kind = coven::OauthError::Kind;
    const bool refused = error.kind == Kind::refused || error.kind == Kind::misconfigured;
    // Said once, not at each try.
    if (std::exchange(trouble_, error.message) != error.message) {
        coven::log::warn(refused ? "refused" : "unreachable",
                         {{"login", login_}, {"task", what}, {"reason", trouble_}});
    }
    return refused ? Outcome::refused : Outcome::unreachable;
}

void Account::note_state() {
    if (!pair_) return;
    auto& shown = workshop_.numbers.accounts[login_];
    shown = {pair_->expires_at, keeper_.state()};
    if (!ending_told_ && keeper_.is_ending(workshop_.clock.now())) {
        ending_told_ = true;
        const auto reason = trouble_.empty() ? "it cannot be refreshed: log in again with "
                                               "`coven login`"
                                             : trouble_;
        coven::log::warn("expiring", {{"login", login_}, {"reason", reason}});
        publish("expiring", reason);
    }
    const auto state = status().state();
    if (std::exchange(told_, state) == state) return;
    if (state == TokenStatus::STATE_REJECTED) {
        coven::log::error("rejected", {{"login", login_}, {"reason", trouble_}});
        publish("rejected", trouble_);
    }
    workshop_.changed();
}

void Account::fail(std::string reason, const char* event) {
    ++workshop_.numbers.store_faults;
    if (std::exchange(store_fault_, reason) == reason) return;
    coven::log::error(event, {{"login", login_}, {"reason", reason}});
    told_ = TokenStatus::STATE_STORE_FAULT;
    workshop_.changed();
    done_.ring();
}

}  // namespace token
