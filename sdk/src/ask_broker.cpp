#include "ask_broker.hpp"

#include <algorithm>
#include <stdexcept>

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr auto answer_limit = std::chrono::seconds(5);
constexpr std::uint64_t shortest_retry_ms = 100;
constexpr std::uint64_t longest_retry_ms = 5000;

}  // namespace

asio::awaitable<std::optional<v1::Reply>> ask_broker(std::shared_ptr<Bus::Core> core,
                                                     v1::Request request) {
    std::optional<v1::Reply> reply;
    try {
        reply = co_await core->requester().request(std::move(request), answer_limit);
    } catch (const TimedOut&) {
        co_return std::nullopt;
    }
    if (reply->status() != v1::Reply::RATE_LIMITED) co_return reply;
    const std::chrono::milliseconds pause(
        std::clamp(reply->retry_after_ms(), shortest_retry_ms, longest_retry_ms));
    co_await core->clock.sleep(pause);
    co_return std::nullopt;
}

void throw_refusal(const v1::Reply& reply) {
    if (reply.message().empty()) throw std::runtime_error("the broker's answer makes no sense");
    throw std::runtime_error(reply.message());
}

}  // namespace coven
