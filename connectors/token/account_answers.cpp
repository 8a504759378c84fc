#include <algorithm>
#include <utility>

#include "account.hpp"
#include "coven/race.hpp"

namespace asio = boost::asio;

namespace token {

using coven::StoredToken;
using coven::Time;
using coven::v1::Reply;
using twitch::v1::TokenStatus;

namespace {

TokenStatus::State state_of(TokenKeeper::State state) {
    switch (state) {
        case TokenKeeper::State::valid:
            return TokenStatus::STATE_VALID;
        case TokenKeeper::State::unreachable:
            return TokenStatus::STATE_UNREACHABLE;
        case TokenKeeper::State::rejected:
            return TokenStatus::STATE_REJECTED;
        case TokenKeeper::State::unknown:
            break;
    }
    return TokenStatus::STATE_UNKNOWN;
}

/// 0 = never.
std::uint64_t expiry_us(const StoredToken& pair) {
    return pair.expires_at == Time::max() ? 0 : coven::microseconds_since_epoch(pair.expires_at);
}

/// What a TokenEvent and a TokenStatus have in common.
template <class Message>
void describe(const StoredToken& pair, Message& message) {
    message.set_user_id(pair.user_id);
    message.set_client_id(pair.client_id);
    for (const auto& scope : pair.scopes) message.add_scopes(scope);
    message.set_expires_at_us(expiry_us(pair));
}

}  // namespace

void Account::publish(const std::string& what, const std::string& reason) {
    twitch::v1::TokenEvent event;
    event.set_login(login_);
    if (pair_) describe(*pair_, event);
    event.set_reason(reason);
    workshop_.publish(what, event);
}

TokenKeeper::Moment Account::now() const {
    return {workshop_.clock.now(), workshop_.clock.instant()};
}

TokenStatus Account::status() const {
    TokenStatus status;
    status.set_login(login_);
    status.set_state(store_fault_.empty() ? state_of(keeper_.state())
                                          : TokenStatus::STATE_STORE_FAULT);
    status.set_reason(store_fault_.empty() ? trouble_ : store_fault_);
    if (!pair_) return status;
    describe(*pair_, status);
    status.set_obtained_at_us(coven::microseconds_since_epoch(pair_->obtained_at));
    status.set_validated_at_us(coven::microseconds_since_epoch(pair_->validated_at));
    status.set_refreshable(keeper_.is_refreshable());
    return status;
}

Reply Account::failure() const {
    const auto status = this->status();
    const auto about = "'" + login_ + "': ";
    if (is_gone_) {
        return coven::rejection("no_account", about +
                                                  "no account of this name is logged in any "
                                                  "more: log in with `coven login`");
    }
    const auto failed = [&](const char* code, const std::string& why) {
        return coven::reply_of(Reply::FAILED, code, about + why);
    };
    switch (status.state()) {
        case TokenStatus::STATE_REJECTED:
            return failed("token_rejected", status.reason());
        case TokenStatus::STATE_STORE_FAULT:
            return failed("store_fault", status.reason());
        case TokenStatus::STATE_UNREACHABLE:
            return failed("twitch_unreachable", status.reason() + "; it is tried again");
        default:
            break;
    }
    if (status.refreshable()) return not_yet();
    return failed("no_refresh_token",
                  "its token cannot be refreshed, and Twitch calls it good: if it is refused all "
                  "the same, log in again with `coven login`");
}

/// A pair is new, or Twitch was slow.
Reply Account::not_yet() const {
    const auto about = "'" + login_ + "': ";
    const auto wait = std::chrono::ceil<std::chrono::seconds>(until_refresh());
    if (wait.count() <= 0) {
        return coven::reply_of(Reply::FAILED, "not_yet",
                               about + "Twitch has not answered in time; ask again");
    }
    const auto seconds = std::to_string(wait.count());
    auto reply = coven::reply_of(Reply::FAILED, "not_yet",
                                 about + "its token is new, and is refreshed again in " + seconds +
                                     " s at the earliest; ask again then");
    reply.set_retry_after_ms(static_cast<std::uint64_t>(std::chrono::milliseconds(wait).count()));
    return reply;
}

coven::Duration Account::until_refresh() const {
    const auto moment = now();
    const auto step = keeper_.next(moment);
    const bool waits = step.task != TokenKeeper::Task::validate && step.when > moment.instant;
    return waits ? step.when - moment.instant : coven::Duration::zero();
}

asio::awaitable<Reply> Account::refresh(std::uint64_t refused_us, std::chrono::milliseconds limit) {
    const auto present = status().obtained_at_us();
    // What is said to be newer than ours cannot be.
    const auto refused = refused_us == 0 ? present : std::min(refused_us, present);
    const auto seen = validations_;
    const auto until = workshop_.clock.instant() + limit;
    if (present <= refused && told_ != TokenStatus::STATE_REJECTED) {
        keeper_.report_refused(now());
        wake_.ring();
    }
    while (status().obtained_at_us() <= refused) {
        const bool rejected = is_gone_ || status().state() == TokenStatus::STATE_REJECTED;
        const bool hopeless = !keeper_.is_refreshable() && validations_ > seen;
        const auto left = until - workshop_.clock.instant();
        const bool too_late = left <= coven::Duration::zero() || until_refresh() > left;
        if (rejected || hopeless || too_late) co_return failure();
        co_await coven::race(workshop_.clock.sleep_until(until), done_.wait());
    }
    co_return coven::reply_with(status());
}

asio::awaitable<Reply> Account::validate(std::chrono::milliseconds limit) {
    const auto seen = validations_;
    const auto until = workshop_.clock.instant() + limit;
    keeper_.want_validation(now());
    wake_.ring();
    while (validations_ == seen) {
        if (is_gone_ || workshop_.clock.instant() >= until) co_return failure();
        co_await coven::race(workshop_.clock.sleep_until(until), done_.wait());
    }
    co_return coven::reply_with(status());
}

}  // namespace token
