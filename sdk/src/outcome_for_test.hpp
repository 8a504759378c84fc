#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "coven/result_of.hpp"
#include "coven_testing/turn_until.hpp"

namespace coven {

using testing::turn_until;

/// Begins `work`; the optional that is returned gets its result.
template <class T>
std::shared_ptr<std::optional<T>> begin(boost::asio::io_context& io,
                                        boost::asio::awaitable<T> work) {
    // Shared with the work, which may outlive a test that has failed.
    auto result = std::make_shared<std::optional<T>>();
    boost::asio::co_spawn(io, std::move(work), [result](const std::exception_ptr& failure, T got) {
        if (failure) std::rethrow_exception(failure);
        result->emplace(std::move(got));
    });
    return result;
}

/// What `work` gives when the loop has turned for it; throws what it throws.
template <class T>
T ended(boost::asio::io_context& io, boost::asio::awaitable<T> work) {
    const auto result = begin(io, std::move(work));
    if (!turn_until(io, [&] { return result->has_value(); }))
        throw std::runtime_error("not ended in time");
    return std::move(**result);
}

/// The same, with what it throws as an Error.
template <class T>
Result<T> outcome(boost::asio::io_context& io, boost::asio::awaitable<T> work) {
    return ended(io, result_of(std::move(work)));
}

}  // namespace coven
