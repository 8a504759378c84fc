#pragma once

#include <exception>
#include <memory>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace coven {

/// Blocks until `job` has ended, for programs without a loop of their own. Throws what it throws.
inline void run_to_end(boost::asio::io_context& io, boost::asio::awaitable<void> job) {
    struct Outcome {
        bool ended = false;
        std::exception_ptr failure;
    };
    // Shared: another job of the loop may throw out of run_one before this one has ended.
    const auto outcome = std::make_shared<Outcome>();
    boost::asio::co_spawn(io, std::move(job), [outcome](const std::exception_ptr& thrown) {
        outcome->failure = thrown;
        outcome->ended = true;
    });
    io.restart();
    while (!outcome->ended) io.run_one();
    if (outcome->failure) std::rethrow_exception(outcome->failure);
}

}  // namespace coven
