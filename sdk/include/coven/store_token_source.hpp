#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/bus.hpp"
#include "coven/helix.hpp"
#include "coven/token_store.hpp"

namespace coven {

/// Tokens of the token store, read anew for each call; a refused one is replaced by `coven-token`,
/// which is asked over the bus.
class StoreTokenSource final : public TokenSource {
  public:
    /// Whose tokens; empty = of any account that is logged in, for calls that need no scope. Both
    /// must outlive it.
    StoreTokenSource(const TokenStore& store, Bus& bus, std::string login);

    boost::asio::awaitable<Result<AccessToken>> token() override;
    boost::asio::awaitable<Result<AccessToken>> replace(AccessToken refused) override;

  private:
    Result<StoredToken> stored(const std::string& login) const;
    Result<StoredToken> any() const;

    const TokenStore& store_;
    Bus& bus_;
    const std::string login_;
};

}  // namespace coven
