#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/bell.hpp"
#include "coven/clock.hpp"
#include "coven/command.hpp"
#include "coven/token_store.hpp"
#include "id_server.hpp"
#include "token_keeper.hpp"
#include "token_numbers.hpp"
#include "twitch/v1/token.pb.h"

namespace token {

/// What all accounts share. Outlives them.
struct Workshop {
    coven::Clock& clock;
    coven::TokenStore& store;
    IdServer& server;
    TokenNumbers& numbers;
    boost::asio::any_io_executor executor;
    TokenKeeper::Limits limits;
    /// Called with "validated", "expiring", "refreshed", "rejected" or "revoked".
    std::function<void(const std::string& what, const twitch::v1::TokenEvent& event)> publish;
    /// Called when an account is better or worse than before.
    std::function<void()> changed;
};

/// Looks after one account: does what its TokenKeeper decides, one thing after the other, so that
/// Twitch is asked for a new pair once, however many want one.
class Account {
  public:
    Account(Workshop& workshop, std::string login);
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;
    ~Account();

    /// Works until it is cancelled, and can be called again; ends when the account is gone from the
    /// store. A refresh that is under way comes to its end first: what Twitch has given must reach
    /// the disk.
    boost::asio::awaitable<void> run();
    /// Its file may have changed.
    void look_again();

    /// Answers token.refresh and token.validate within `limit`.
    boost::asio::awaitable<coven::v1::Reply> refresh(std::uint64_t refused_us,
                                                     std::chrono::milliseconds limit);
    boost::asio::awaitable<coven::v1::Reply> validate(std::chrono::milliseconds limit);

    const std::string& login() const { return login_; }
    bool is_gone() const { return is_gone_; }
    twitch::v1::TokenStatus status() const;

  private:
    using Outcome = TokenKeeper::Outcome;
    using State = twitch::v1::TokenStatus::State;

    void load();
    void take(std::optional<coven::StoredToken> found);
    boost::asio::awaitable<void> work_once();
    boost::asio::awaitable<void> wait_until(coven::Instant when);
    boost::asio::awaitable<void> do_task(TokenKeeper::Task task);
    boost::asio::awaitable<void> validate_now();
    void note_validation(const coven::Validation& validation);
    void rename(coven::StoredToken pair, const std::string& login);
    boost::asio::awaitable<void> refresh_to_the_end(TokenKeeper::Task task);
    void take_new_pair(coven::TokenPair given);
    void store_new_pair();
    Outcome note_failure(const char* what, const coven::OauthError& error);
    void note_state();

    void fail(std::string reason, const char* event);
    void publish(const std::string& what, const std::string& reason);
    TokenKeeper::Moment now() const;
    coven::v1::Reply failure() const;
    coven::v1::Reply not_yet() const;
    /// Zero unless a refresh is what comes next.
    coven::Duration until_refresh() const;

    Workshop& workshop_;
    const std::string login_;
    TokenKeeper keeper_;
    /// As it is in the store.
    std::optional<coven::StoredToken> pair_;
    /// What Twitch gave and the disk has not: nothing else is done before.
    std::optional<coven::StoredToken> unstored_;
    bool look_again_ = true;
    bool is_gone_ = false;
    /// That it ends has been said.
    bool ending_told_ = false;
    State told_ = twitch::v1::TokenStatus::STATE_UNKNOWN;
    /// Of the store; empty = none.
    std::string store_fault_;
    /// Why Twitch's last word was not "good"; empty = it was.
    std::string trouble_;
    /// Validations that have ended.
    std::uint64_t validations_ = 0;
    coven::Bell wake_;
    coven::Bell done_;
};

}  // namespace token
