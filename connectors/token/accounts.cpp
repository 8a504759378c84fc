#include "accounts.hpp"

#include <utility>

#include "coven/race.hpp"

namespace asio = boost::asio;

namespace token {

using coven::v1::Reply;
using coven::v1::Request;
using twitch::v1::TokenStatus;

namespace {

/// What is left for the way of the answer.
constexpr std::chrono::milliseconds answer_takes{100};
constexpr std::chrono::milliseconds longest_call{60000};

std::chrono::milliseconds limit_of(const Request& call) {
    const auto most = static_cast<std::uint64_t>(longest_call.count());
    const std::chrono::milliseconds limit(std::min<std::uint64_t>(call.deadline_ms(), most));
    return std::max(limit - answer_takes, std::chrono::milliseconds(0));
}

}  // namespace

Accounts::Accounts(Workshop& workshop) : workshop_(workshop), changed_(workshop.executor) {
    find();
}

void Accounts::find() {
    is_stale_ = false;
    cared_for_.clear();
    std::map<std::string, Shared> found;
    for (const auto& login : workshop_.store.logins().value()) {
        auto& account = found[login];
        const auto known = by_login_.find(login);
        const bool goes_on = known != by_login_.end() && !known->second->is_gone();
        account = goes_on ? known->second : std::make_shared<Account>(workshop_, login);
        cared_for_.push_back(account);
    }
    // One whose file is gone says so itself, in its `run`.
    for (const auto& [login, account] : by_login_) {
        if (found.contains(login) || account->is_gone()) continue;
        account->look_again();
        cared_for_.push_back(account);
        found.emplace(login, account);
    }
    by_login_ = std::move(found);
    workshop_.changed();
}

asio::awaitable<void> Accounts::run(coven::TokenWatch& watch) {
    co_await coven::race(hear(watch), care());
}

asio::awaitable<void> Accounts::hear(coven::TokenWatch& watch) {
    for (;;) {
        const auto login = co_await watch.next();
        const auto known = by_login_.find(login);
        if (known != by_login_.end()) {
            known->second->look_again();
            continue;
        }
        for (const auto& [name, account] : by_login_) {
            if (login.empty()) account->look_again();
        }
        is_stale_ = true;
        changed_.ring();
    }
}

asio::awaitable<void> Accounts::care() {
    for (;;) {
        // What was under way when this is begun anew comes to its end, or is done again.
        co_await care_from(0);
        find();
    }
}

/// Ends when one of them is gone, or others may have come.
asio::awaitable<void> Accounts::care_from(std::size_t first) {
    if (first == cared_for_.size()) {
        co_await until_stale();
        co_return;
    }
    auto& account = *cared_for_[first];
    co_await coven::race(account.run(), care_from(first + 1));
}

asio::awaitable<void> Accounts::until_stale() {
    while (!is_stale_) co_await changed_.wait();
}

Accounts::Shared Accounts::account(const std::string& login) const {
    const auto found = by_login_.find(login);
    return found == by_login_.end() ? nullptr : found->second;
}

Reply Accounts::no_account(const std::string& login) const {
    std::string others;
    for (const auto& [name, account] : by_login_) others += (others.empty() ? "" : ", ") + name;
    if (others.empty()) others = "none";
    return coven::rejection("no_account", "no account '" + login +
                                              "' is logged in, of those that "
                                              "are: " +
                                              others + "; log in with `coven login`");
}

asio::awaitable<Reply> Accounts::refresh(Request call) {
    const auto question = coven::payload_as<twitch::v1::TokenRefreshRequest>(call);
    if (!question) co_return coven::wrong_payload<twitch::v1::TokenRefreshRequest>();
    const auto& login = question->login().empty() ? call.target() : question->login();
    const auto found = account(login);
    if (!found) co_return no_account(login);
    co_return co_await found->refresh(question->refused_obtained_us(), limit_of(call));
}

asio::awaitable<Reply> Accounts::validate(Request call) {
    const auto question = coven::payload_as<twitch::v1::TokenValidateRequest>(call);
    if (!question) co_return coven::wrong_payload<twitch::v1::TokenValidateRequest>();
    const auto& login = question->login().empty() ? call.target() : question->login();
    const auto found = account(login);
    if (!found) co_return no_account(login);
    co_return co_await found->validate(limit_of(call));
}

Accounts::Presence Accounts::presence() const {
    std::string faults;
    for (const auto& [login, account] : by_login_) {
        const auto status = account->status();
        const bool is_well = status.state() == TokenStatus::STATE_VALID ||
                             status.state() == TokenStatus::STATE_UNKNOWN;
        if (is_well) continue;
        faults += (faults.empty() ? "'" : "; '") + login + "': " + status.reason();
    }
    if (!faults.empty()) return {coven::v1::Presence::STATE_DEGRADED, faults};
    if (by_login_.empty()) {
        return {coven::v1::Presence::STATE_READY, "idle: nobody is logged in; `coven login` does"};
    }
    return {coven::v1::Presence::STATE_READY, ""};
}

}  // namespace token
