#include "run.hpp"

#include <csignal>
#include <exception>
#include <functional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace coven::cli {

Identity identity() { return {"cli", fmt::format("cli-{}", getpid()), {}, {}}; }

namespace {

int run_then(Loop& loop, asio::awaitable<int> job, const std::function<void()>& at_end) {
    int status = 0;
    std::exception_ptr failure;
    asio::co_spawn(loop.io, std::move(job), [&](const std::exception_ptr& thrown, int given) {
        status = given;
        failure = thrown;
        at_end();
    });
    loop.io.run();
    if (failure) std::rethrow_exception(failure);
    return status;
}

}  // namespace

int run(Loop& loop, asio::awaitable<int> job) {
    return run_then(loop, std::move(job), [] {});
}

int run(Loop& loop, Bus& bus, asio::awaitable<int> job) {
    return run_then(loop, std::move(job), [&bus] { bus.close(); });
}

asio::awaitable<void> sleep_for(Clock& clock, std::optional<std::chrono::milliseconds> limit) {
    // Decided first: inside of a co_await g++ 12 evaluates both sides of a ?:.
    const auto until = limit ? clock.instant() + *limit : Instant::max();
    co_await clock.sleep_until(until);
}

Interruption::Interruption(const asio::any_io_executor& executor)
    : signals_(executor, SIGINT, SIGTERM, SIGHUP) {}

asio::awaitable<void> Interruption::wait() { co_await signals_.async_wait(asio::use_awaitable); }

}  // namespace coven::cli
