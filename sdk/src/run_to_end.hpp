#pragma once

#include <exception>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace coven {

/// Blocks until `job` has ended, for programs without a loop of their own. Throws what it throws.
inline void run_to_end(boost::asio::io_context& io, boost::asio::awaitable<void> job) {
    bool ended = false;
    std::exception_ptr failure;
    boost::asio::co_spawn(io, std::move(job), [&](const std::exception_ptr& thrown) {
        failure = thrown;
        ended = true;
    });
    io.restart();
    while (!ended) io.run_one();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace coven
