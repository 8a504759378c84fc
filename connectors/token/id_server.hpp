#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/oauth.hpp"

namespace token {

/// What this connector asks of id.twitch.tv, so that a test can answer.
class IdServer {
  public:
    virtual ~IdServer() = default;
    virtual boost::asio::awaitable<coven::OauthResult<coven::Validation>> validate(
        coven::Secret access) = 0;
    virtual boost::asio::awaitable<coven::OauthResult<coven::TokenPair>> refresh(
        coven::Secret refresh, std::string client_id) = 0;
};

}  // namespace token
