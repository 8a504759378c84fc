#include "token_command.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <sstream>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "account_work.hpp"
#include "coven/command.hpp"
#include "coven/given_token.hpp"
#include "pretty_json.hpp"
#include "print.hpp"
#include "run_on_bus.hpp"
#include "safe_text.hpp"
#include "setup.hpp"
#include "table.hpp"
#include "time_text.hpp"
#include "twitch/v1/token.pb.h"

namespace asio = boost::asio;
namespace json = boost::json;

namespace coven::cli {

namespace {

constexpr const char* hidden = "[redacted]";
constexpr std::chrono::seconds refresh_limit{20};

std::string end_of(const StoredToken& token, Time now) {
    if (token.expires_at == Time::max()) return "never";
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(token.expires_at - now);
    return left.count() <= 0 ? "has ended" : "in " + span_text(left);
}

json::array array_of(const std::vector<std::string>& texts) {
    json::array array;
    for (const auto& text : texts) array.emplace_back(text);
    return array;
}

/// Empty where there is none.
std::string shown(const AccountWork& work, const Secret& secret) {
    if (secret.empty()) return "";
    return work.invocation.has("--reveal") ? std::string(secret.reveal()) : hidden;
}

std::string time_text(Time time) {
    return time == Time::max() ? "" : utc_text(microseconds_since_epoch(time));
}

json::object description(const AccountWork& work, const StoredToken& token) {
    return {{"login", token.login},
            {"user_id", token.user_id},
            {"client_id", token.client_id},
            {"scopes", array_of(token.scopes)},
            {"obtained_at", time_text(token.obtained_at)},
            {"validated_at", time_text(token.validated_at)},
            {"expires_at", time_text(token.expires_at)},
            {"access_token", shown(work, token.access)},
            {"refresh_token", shown(work, token.refresh)}};
}

Error not_logged_in(const AccountWork& work, const std::string& login) {
    const auto logins = work.store.logins();
    const auto others = logins.has_value() && !logins->empty()
                            ? fmt::format("; {} is", fmt::join(*logins, ", "))
                            : std::string();
    return Error("'" + safe_text(login) + "' is not logged in" + others +
                 ". `coven login` does it");
}

Result<StoredToken> stored(const AccountWork& work, const std::string& login) {
    auto found = work.store.read(login);
    if (found.has_error()) return found.error();
    if (!*found) return not_logged_in(work, login);
    return std::move(**found);
}

int print_json(const json::object& object) {
    std::vector<std::string> lines;
    std::istringstream text(pretty(object));
    // Each on its own: what makes text safe knows of one line.
    for (std::string line; std::getline(text, line);) lines.push_back(safe_json(line));
    return print_lines(lines);
}

asio::awaitable<int> list(AccountWork& work) {
    const auto logins = work.store.logins();
    if (logins.has_error()) co_return fail(logins.error());
    Table table({"LOGIN", "ENDS", "REFRESHED BY US", "SCOPES"});
    std::vector<std::string> objects;
    int status = exit_ok;
    for (const auto& login : *logins) {
        const auto token = stored(work, login);
        if (token.has_error()) {
            status = fail(token.error());
            continue;
        }
        objects.push_back(safe_json(json::serialize(description(work, *token))));
        table.add({login, end_of(*token, work.loop.clock.now()),
                   token->refresh.empty() ? "no" : "yes",
                   fmt::format("{}", fmt::join(token->scopes, " "))});
    }
    const bool as_json = work.invocation.has("--json");
    if (!as_json && logins->empty()) say("nobody is logged in: `coven login` does it");
    const int printed = print_lines(as_json ? objects : table.lines());
    co_return std::max(status, printed);
}

asio::awaitable<int> show(AccountWork& work) {
    const auto token = stored(work, work.invocation.arguments().front());
    if (token.has_error()) co_return fail(token.error());
    co_return print_json(description(work, *token));
}

/// The token that is meant by what stands on the command line.
Result<Secret> meant(const AccountWork& work) {
    const auto& words = work.invocation.arguments();
    if (words.empty()) {
        const auto logins = work.store.logins();
        if (logins.has_error()) return logins.error();
        if (logins->size() != 1) {
            return Error(logins->empty() ? std::string("nobody is logged in: `coven login` does it")
                                         : fmt::format("say which: {}", fmt::join(*logins, ", ")));
        }
        auto token = stored(work, logins->front());
        if (token.has_error()) return token.error();
        return std::move(token->access);
    }
    if (words.front() == "-") {
        std::string line;
        std::getline(std::cin, line);
        return token_in(line);
    }
    const auto known = login_fault(words.front()) ? Result<std::optional<StoredToken>>(std::nullopt)
                                                  : work.store.read(words.front());
    if (known.has_error()) return known.error();
    if (*known) return (*known)->access;
    return token_in(words.front());
}

asio::awaitable<int> validate(AccountWork& work) {
    const auto token = meant(work);
    if (token.has_error()) co_return fail(token.error());
    const auto answer = co_await work.oauth.validate(*token);
    if (answer.has_error()) co_return fail(answer.error());
    const json::object validation = {{"client_id", answer->client_id},
                                     {"login", answer->login},
                                     {"scopes", array_of(answer->scopes)},
                                     {"user_id", answer->user_id},
                                     {"expires_in", answer->expires_in.count()}};
    const json::object headers = {{"Client-Id", answer->client_id},
                                  {"Authorization", "Bearer " + shown(work, *token)}};
    co_return print_json({{"validation", validation}, {"helix_headers", headers}});
}

asio::awaitable<int> revoke(AccountWork& work) {
    const auto token = stored(work, work.invocation.arguments().front());
    // What cannot be read can still be forgotten.
    const bool only_here = work.invocation.has("--only-here");
    if (token.has_error() && !only_here) co_return fail(token.error());
    if (!only_here) {
        const auto revoked = co_await work.oauth.revoke(token->access, token->client_id);
        // One that is void already is what was wanted.
        const bool failed =
            revoked.has_error() && revoked.error().kind != OauthError::Kind::refused;
        if (failed) {
            co_return fail(Error(revoked.error().message +
                                 "; nothing was changed. --only-here forgets it all the same"));
        }
    }
    const auto removed = work.store.remove(work.invocation.arguments().front());
    if (removed.has_error()) co_return fail(removed.error());
    if (!*removed) co_return fail(not_logged_in(work, work.invocation.arguments().front()));
    co_return print_text(work.invocation.arguments().front() + " is logged out");
}

Result<v1::Request> refresh_request(const Invocation& invocation) {
    const auto& login = invocation.arguments().front();
    if (auto fault = login_fault(login)) return *std::move(fault);
    twitch::v1::TokenRefreshRequest question;
    question.set_login(login);
    auto request = request_of("token.refresh", question);
    request.set_target(login);
    return request;
}

asio::awaitable<int> refresh(Bus& bus, v1::Request request, Endpoints) {
    const auto reply = co_await bus.call(request, refresh_limit);
    twitch::v1::TokenStatus status;
    if (reply.status() == v1::Reply::OK && reply.payload().UnpackTo(&status)) {
        co_return print_text(status.login() + " has a new token");
    }
    if (reply.status() == v1::Reply::NO_ROUTE) {
        co_return fail(
            "coven-token does not run: start it, as with [token] in the coven.toml of "
            "`coven up`");
    }
    co_return fail(Error(safe_text(reply.message())));
}

}  // namespace

int token_list(const Invocation& invocation) { return run_on_accounts(invocation, list); }
int token_show(const Invocation& invocation) { return run_on_accounts(invocation, show); }
int token_validate(const Invocation& invocation) { return run_on_accounts(invocation, validate); }
int token_revoke(const Invocation& invocation) { return run_on_accounts(invocation, revoke); }
int token_refresh(const Invocation& invocation) {
    return run_on_bus(invocation, refresh_request, refresh);
}

}  // namespace coven::cli
