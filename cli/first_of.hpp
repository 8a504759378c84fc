#pragma once

#include <utility>

#include <boost/asio/awaitable.hpp>

#include "coven/race.hpp"

namespace coven::cli {

/// What the first of them to end gives; the others are cancelled.
template <class T>
boost::asio::awaitable<T> first_of(boost::asio::awaitable<T> one, boost::asio::awaitable<T> other) {
    auto first = co_await race(std::move(one), std::move(other));
    if (first.index() == 0) co_return std::get<0>(std::move(first));
    co_return std::get<1>(std::move(first));
}

template <class T, class... More>
boost::asio::awaitable<T> first_of(boost::asio::awaitable<T> one, boost::asio::awaitable<T> other,
                                   More... more) {
    return first_of(std::move(one), first_of(std::move(other), std::move(more)...));
}

/// `work`, which says nothing when it ends, as one that gives `value` then.
template <class T>
boost::asio::awaitable<T> then(boost::asio::awaitable<void> work, T value) {
    co_await std::move(work);
    co_return value;
}

}  // namespace coven::cli
