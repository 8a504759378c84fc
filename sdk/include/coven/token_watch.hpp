#pragma once

#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/token_store.hpp"

namespace coven {

/// Tells when accounts of a token store change, whoever changes them. Changes from its making on
/// are told, so make it first and read then. Not thread-safe.
class TokenWatch {
  public:
    /// Fails when the machine gives no more inotify watches; says what to raise.
    static Result<std::unique_ptr<TokenWatch>> open(const boost::asio::any_io_executor& executor,
                                                    const TokenStore& store);
    TokenWatch(const TokenWatch&) = delete;
    TokenWatch& operator=(const TokenWatch&) = delete;
    ~TokenWatch();

    /// The login whose file was written, replaced or removed; empty = too much happened to be told,
    /// look at all. Throws std::runtime_error when the folder itself is gone.
    boost::asio::awaitable<std::string> next();

  private:
    class Parts;
    explicit TokenWatch(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace coven
