#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/helix.hpp"

namespace coven::testing {

/// The tokens of an account, called "token-1", "token-2" …, without a store.
class PlayedTokens final : public TokenSource {
  public:
    boost::asio::awaitable<Result<AccessToken>> token() override {
        if (!missing.empty()) co_return Error(missing);
        co_return newest();
    }
    boost::asio::awaitable<Result<AccessToken>> replace(AccessToken refused) override {
        replaced.emplace_back(refused.text.reveal());
        if (!missing.empty()) co_return Error(missing);
        if (!no_other.empty()) co_return Error(no_other);
        ++number_;
        co_return newest();
    }

    /// Why there is none; empty = there is.
    std::string missing;
    /// Why a refused one has no successor; empty = it has.
    std::string no_other;
    /// Those that were refused, in order.
    std::vector<std::string> replaced;
    std::string account = "ann";
    /// Empty = "of-" and the account.
    std::string user_id = {};
    std::string client_id = "id";
    std::vector<std::string> scopes = {};

  private:
    AccessToken newest() const {
        AccessToken token;
        token.text = Secret("token-" + std::to_string(number_));
        token.client_id = client_id;
        token.user_id = user_id.empty() ? "of-" + account : user_id;
        token.login = account;
        token.scopes = scopes;
        return token;
    }

    int number_ = 1;
};

}  // namespace coven::testing
