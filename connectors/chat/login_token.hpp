#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>

#include "coven/helix.hpp"

namespace chat {

/// The token that an account logs in to chat with.
class LoginToken {
  public:
    /// `tokens` must outlive it.
    explicit LoginToken(coven::TokenSource& tokens) : tokens_(tokens) {}

    /// The newest; after `refuse`, one that replaces the last. An Error says what to do.
    boost::asio::awaitable<coven::Result<coven::AccessToken>> next();
    /// Twitch did not take what `next` gave.
    void refuse() { is_refused_ = true; }
    /// What `next` gave; nothing = it has given none yet.
    const std::optional<coven::AccessToken>& last() const { return last_; }

  private:
    coven::TokenSource& tokens_;
    std::optional<coven::AccessToken> last_;
    bool is_refused_ = false;
};

}  // namespace chat
