#include "coven/store_token_source.hpp"

#include <optional>
#include <utility>

#include "coven/command.hpp"
#include "twitch/v1/token.pb.h"

namespace asio = boost::asio;

namespace coven {

namespace {

/// A refresh is one request to Twitch, for which coven-token has 15 s.
constexpr std::chrono::seconds refresh_limit{20};

AccessToken access_of(const StoredToken& stored) {
    return {stored.access, stored.client_id, stored.user_id, stored.login, stored.scopes};
}

v1::Request question_about(const StoredToken& refused) {
    twitch::v1::TokenRefreshRequest question;
    question.set_login(refused.login);
    question.set_refused_obtained_us(microseconds_since_epoch(refused.obtained_at));
    auto request = request_of("token.refresh", question);
    request.set_target(refused.login);
    return request;
}

Error not_refreshed(const std::string& login, const v1::Reply& reply) {
    const auto what = "the token of '" + login + "' was refused and not replaced: ";
    if (reply.status() == v1::Reply::NO_ROUTE) {
        return Error(what +
                     "coven-token does not run; start it, as with [token] in the coven.toml "
                     "of `coven up`");
    }
    return Error(what + reply.message());
}

}  // namespace

StoreTokenSource::StoreTokenSource(const TokenStore& store, Bus& bus, std::string login)
    : store_(store), bus_(bus), login_(std::move(login)) {}

Result<StoredToken> StoreTokenSource::stored(const std::string& login) const {
    auto found = store_.read(login);
    if (found.has_error()) return found.error();
    if (*found) return std::move(**found);
    return Error("'" + login + "' is not logged in: `coven login` does it");
}

Result<StoredToken> StoreTokenSource::any() const {
    const auto logins = store_.logins();
    if (logins.has_error()) return logins.error();
    const auto now = bus_.clock().now();
    std::optional<StoredToken> ended;
    std::optional<Error> fault;
    for (const auto& login : *logins) {
        auto found = stored(login);
        if (found.has_error()) {
            fault = found.error();
        } else if (found->expires_at > now) {
            return std::move(*found);
        } else {
            ended = std::move(*found);
        }
    }
    // It may be refreshed.
    if (ended) return *std::move(ended);
    return fault.value_or(Error("nobody is logged in: `coven login` does it"));
}

asio::awaitable<Result<AccessToken>> StoreTokenSource::token() {
    const auto found = login_.empty() ? any() : stored(login_);
    if (found.has_error()) co_return found.error();
    co_return access_of(*found);
}

asio::awaitable<Result<AccessToken>> StoreTokenSource::replace(AccessToken refused) {
    const auto present = stored(refused.login);
    if (present.has_error()) co_return present.error();
    if (present->access.reveal() != refused.text.reveal()) co_return access_of(*present);
    const auto reply = co_await bus_.call(question_about(*present), refresh_limit);
    if (reply.status() != v1::Reply::OK) co_return not_refreshed(refused.login, reply);
    const auto fresh = stored(refused.login);
    if (fresh.has_error()) co_return fresh.error();
    co_return access_of(*fresh);
}

}  // namespace coven
