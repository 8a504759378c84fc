#include "say_why.hpp"

#include <utility>

#include "coven/daemon.hpp"
#include "coven/result_of.hpp"
#include "safe_text.hpp"
#include "setup.hpp"

namespace coven::cli {

boost::asio::awaitable<int> say_why(boost::asio::awaitable<int> job) {
    const auto status = co_await result_of(std::move(job));
    if (status) co_return *status;
    say(safe_text(status.error().message));
    co_return exit_failure;
}

}  // namespace coven::cli
