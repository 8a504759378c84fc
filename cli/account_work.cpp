#include "account_work.hpp"

#include <utility>

#include <boost/asio/this_coro.hpp>

#include "coven/race.hpp"
#include "say_why.hpp"
#include "setup.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

/// Somebody else writes for a moment.
constexpr int write_tries = 10;
constexpr auto write_pause = std::chrono::milliseconds(200);

HttpClient::Options http_options(const Config& config) {
    HttpClient::Options options;
    options.ca_file = config.text("twitch.ca_file");
    return options;
}

asio::awaitable<int> until_interrupted(asio::awaitable<int> job) {
    Interruption interruption(co_await asio::this_coro::executor);
    const auto first = co_await race(std::move(job), interruption.wait());
    if (first.index() == 0) co_return std::get<0>(first);
    co_return status_interrupted;
}

}  // namespace

AccountWork::AccountWork(const Invocation& called, Config settings, TokenStore opened)
    : invocation(called),
      config(std::move(settings)),
      store(std::move(opened)),
      http(loop.io.get_executor(), loop.clock, http_options(config)),
      oauth(http, config.text("twitch.id_url")) {}

int run_on_accounts(const Invocation& invocation,
                    const std::function<asio::awaitable<int>(AccountWork& work)>& job) {
    auto config = common_config(invocation);
    if (config.has_error()) return refuse(config.error());
    const auto folder = token_folder_of(*config);
    if (folder.has_error()) return refuse(folder.error());
    auto store = TokenStore::open(*folder);
    if (store.has_error()) return fail(store.error());
    AccountWork work(invocation, std::move(*config), std::move(*store));
    return run(work.loop, say_why(until_interrupted(job(work))));
}

asio::awaitable<Result<void>> store_token(AccountWork& work, StoredToken token) {
    auto written = work.store.write(token);
    for (int i = 1; i < write_tries && written.has_error(); ++i) {
        co_await work.loop.clock.sleep(write_pause);
        written = work.store.write(token);
    }
    co_return written;
}

int fail(const Error& error) {
    say(error.message);
    return exit_failure;
}

}  // namespace coven::cli
