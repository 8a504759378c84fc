#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include "coven/result.hpp"

namespace coven {

/// What `work` gives, or, as an Error, what it throws: for programs that say what went wrong and
/// end.
template <class T>
boost::asio::awaitable<Result<T>> result_of(boost::asio::awaitable<T> work) {
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(work);
            co_return Result<void>();
        } else {
            co_return co_await std::move(work);
        }
    } catch (const std::exception& failure) {
        co_return Error(failure.what());
    }
}

}  // namespace coven
