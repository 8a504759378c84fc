#include "coven/connector.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "coven/log.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr Backoff::Limits restart_limits{std::chrono::seconds(1), std::chrono::seconds(60)};
/// A connector that ran this long was well: its next trouble is a new one.
constexpr auto stable_after = std::chrono::seconds(60);

bool was_cancelled(const asio::cancellation_state& state) {
    return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace

asio::awaitable<void> keep_running(
    Clock& clock, Backoff backoff, Duration stable, std::function<asio::awaitable<void>()> job,
    std::function<void(const std::string& reason, std::chrono::milliseconds pause)> lost) {
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    for (;;) {
        const auto started = clock.instant();
        std::string reason = "it ended by itself";
        try {
            co_await job();
            // A job may take its cancelling for its end; the next co_await would throw anyway.
            if (was_cancelled(cancellation)) co_return;
        } catch (const std::exception& failure) {
            if (was_cancelled(cancellation)) throw;
            reason = failure.what();
        }
        if (clock.instant() - started >= stable) backoff.reset();
        const auto pause = backoff.next();
        lost(reason, pause);
        co_await clock.sleep(pause);
    }
}

asio::awaitable<void> run_connector(Connector& connector, Bus& bus) {
    const auto job = [&] { return connector.run(bus); };
    const auto lost = [&](const std::string& reason, std::chrono::milliseconds pause) {
        log::warn("lost", {{"reason", reason}, {"again_in_ms", pause.count()}});
        bus.report(v1::Presence::STATE_DEGRADED, reason);
    };
    bus.report(v1::Presence::STATE_STARTING, "");
    co_await keep_running(bus.clock(), Backoff(restart_limits), stable_after, job, lost);
}

}  // namespace coven
