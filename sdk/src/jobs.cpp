#include "coven/jobs.hpp"

#include <exception>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace asio = boost::asio;

namespace coven {

void Jobs::start(asio::awaitable<void> job) {
    const auto place = running_.emplace(running_.end());
    const auto ended = [this, place](const std::exception_ptr& failure) {
        if (failure && !is_finishing_) std::rethrow_exception(failure);
        // Later, because the signal may be what is just being emitted.
        asio::post(executor_, [this, place] {
            running_.erase(place);
            bell_.ring();
        });
    };
    asio::co_spawn(executor_, std::move(job), asio::bind_cancellation_slot(place->slot(), ended));
}

asio::awaitable<void> Jobs::finish() {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    is_finishing_ = true;
    for (auto& stop : running_) stop.emit(asio::cancellation_type::terminal);
    while (!running_.empty()) co_await bell_.wait();
    co_await asio::this_coro::throw_if_cancelled(throws);
}

}  // namespace coven
