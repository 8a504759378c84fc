#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace coven {

namespace detail {

template <class T>
using NotVoid = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

/// No variant: Asio's operators would take it apart.
template <class T>
struct Outcome {
    std::exception_ptr failure;
    std::optional<NotVoid<T>> value;

    NotVoid<T> take() {
        if (failure) std::rethrow_exception(failure);
        return std::move(*value);
    }
};

template <class T>
boost::asio::awaitable<Outcome<T>> outcome_of(boost::asio::awaitable<T> work) {
    Outcome<T> outcome;
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(work);
            outcome.value.emplace();
        } else {
            outcome.value.emplace(co_await std::move(work));
        }
    } catch (...) {
        outcome.failure = std::current_exception();
    }
    co_return outcome;
}

}  // namespace detail

/// Runs both until one ends, by returning or by throwing; then cancels the other, and after its end
/// gives or throws what the first one did. (Asio's own `||` passes over one that throws and waits
/// for the other.) Index 0 = `first` won.
template <class A, class B>
boost::asio::awaitable<std::variant<detail::NotVoid<A>, detail::NotVoid<B>>> race(
    boost::asio::awaitable<A> first, boost::asio::awaitable<B> second) {
    using boost::asio::experimental::awaitable_operators::operator||;
    using Winner = std::variant<detail::NotVoid<A>, detail::NotVoid<B>>;
    auto one = detail::outcome_of(std::move(first));
    auto other = detail::outcome_of(std::move(second));
    auto ended = co_await (std::move(one) || std::move(other));
    if (ended.index() == 0) co_return Winner(std::in_place_index<0>, std::get<0>(ended).take());
    co_return Winner(std::in_place_index<1>, std::get<1>(ended).take());
}

}  // namespace coven
