#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/helix.hpp"
#include "coven/secret.hpp"
#include "join_queue.hpp"
#include "login_token.hpp"

namespace chat {

/// As whom connections read: nobody, or an account. One for all connections of it, which share its
/// limit of joins.
class Reader {
  public:
    struct Credentials {
        std::string nick;
        /// Empty = without an account.
        coven::Secret token;
    };

    /// Nobody: `nick` is "justinfan" and digits.
    Reader(std::string nick, JoinLimiter::Limits joins);
    Reader(std::string login, std::unique_ptr<coven::TokenSource> tokens,
           JoinLimiter::Limits joins);

    /// What the next connection logs in with: another token, if the last one was refused. Throws
    /// std::runtime_error when there is none; says what to do.
    boost::asio::awaitable<Credentials> credentials();
    /// Twitch did not take `token`, which `credentials` gave.
    void refuse(const coven::Secret& token);
    /// Twitch has taken it.
    void welcome() { refusals_ = 0; }

    /// Why no connection can log in until there is another token; empty = they can.
    const std::string& shut_out() const { return shut_out_; }
    /// Called when it becomes shut out.
    std::function<void()> when_shut_out = [] {};
    /// Ends that, if there is another token by now.
    boost::asio::awaitable<void> look_again();

    /// Empty = nobody.
    const std::string& login() const { return login_; }
    /// Another replica joins rooms as this account: Twitch counts an account's joins together.
    bool is_elsewhere = false;
    JoinQueue& queue() { return queue_; }

  private:
    void shut_out(const std::string& reason);
    /// It is what the connections use, and not one from before.
    bool is_last(const coven::Secret& token) const;

    std::string nick_;
    std::string login_;
    std::unique_ptr<coven::TokenSource> tokens_;
    /// Nothing = nobody reads.
    std::optional<LoginToken> token_;
    /// Of one token after the other, since the last one that was taken.
    int refusals_ = 0;
    std::string shut_out_;
    JoinQueue queue_;
};

}  // namespace chat
