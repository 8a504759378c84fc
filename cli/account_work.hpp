#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "command_line.hpp"
#include "coven/config.hpp"
#include "coven/oauth.hpp"
#include "coven/token_store.hpp"
#include "run.hpp"

namespace coven::cli {

/// What a command for accounts works with.
struct AccountWork {
    const Invocation& invocation;
    Config config;
    TokenStore store;
    Loop loop;
    HttpClient http;
    Oauth oauth;

    AccountWork(const Invocation& called, Config settings, TokenStore opened);
};

/// Runs `job` until it ends or Ctrl-C comes. What is wrong with the configuration or the store is
/// said before anything is asked of Twitch. The exit status.
int run_on_accounts(const Invocation& invocation,
                    const std::function<boost::asio::awaitable<int>(AccountWork& work)>& job);

/// On the disk when it gives OK; tries again for a while when somebody else is writing.
boost::asio::awaitable<Result<void>> store_token(AccountWork& work, StoredToken token);

/// Says why, on stderr. exit_failure.
int fail(const Error& error);

}  // namespace coven::cli
