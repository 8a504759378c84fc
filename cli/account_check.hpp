#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/config.hpp"
#include "finding.hpp"

namespace coven::cli {

struct AccountCheck {
    std::vector<Finding> findings;
    /// Scopes by login, of the accounts that have a token.
    std::map<std::string, std::vector<std::string>> granted;
};

/// The token store, and what Twitch says of each token in it. Changes nothing.
boost::asio::awaitable<AccountCheck> check_accounts(Clock& clock, const Config& config);

}  // namespace coven::cli
