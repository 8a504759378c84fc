#include <csignal>
#include <exception>
#include <iostream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "coven/connector.hpp"
#include "coven/daemon.hpp"
#include "coven/log.hpp"
#include "coven/result_of.hpp"

namespace asio = boost::asio;

namespace {

/// How long the last events and the goodbye may take to reach the broker.
constexpr auto farewell_limit = std::chrono::seconds(2);
/// How long the calls of others may take to end, and their answers to be confirmed.
constexpr auto calls_limit = std::chrono::seconds(5);

asio::awaitable<void> say_goodbye(coven::Bus& bus) {
    try {
        co_await bus.flush(farewell_limit);
        bus.report(coven::v1::Presence::STATE_GONE, "told to stop");
    } catch (const coven::TimedOut&) {
        coven::log::warn("unacknowledged", {{"reason", "the broker does not answer"}});
    }
}

/// The connector is still at work, so that calls it has can end. A second signal ends this at once.
asio::awaitable<void> finish_calls_when_told(coven::Bus& bus, asio::signal_set& stop) {
    co_await stop.async_wait(asio::use_awaitable);
    coven::log::info("stopping");
    auto finished = coven::result_of(bus.drain(calls_limit));
    const auto first =
        co_await coven::race(std::move(finished), stop.async_wait(asio::use_awaitable));
    const bool all = first.index() == 0 && std::get<0>(first).has_value();
    if (!all) coven::log::warn("calls_given_up", {{"reason", "they take too long to end"}});
}

/// Works until a signal comes; cancelling, not stopping, so that every socket is closed by its
/// owner and the ZeroMQ context can end.
asio::awaitable<void> work(coven::Connector& connector, coven::Bus& bus, asio::signal_set& stop) {
    auto turning = bus.metrics().keep_turning(bus.clock());
    auto working = coven::race(coven::run_connector(connector, bus), std::move(turning));
    co_await coven::race(std::move(working), finish_calls_when_told(bus, stop));
    co_await say_goodbye(bus);
}

int give_up(const std::string& kind, const coven::Error& error, coven::ExitStatus status) {
    std::cerr << "coven-" << kind << ": " << error.message << '\n';
    return status;
}

int fail(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& fault) {
        coven::log::error("failed", {{"reason", fault.what()}});
    }
    return coven::exit_failure;
}

}  // namespace

int main(int argc, char** argv) {
    const auto manifest = coven::manifest();
    std::unique_ptr<coven::Connector> connector;
    const auto prepare = [&](const coven::Config& config) -> std::vector<coven::Error> {
        auto made = coven::make_connector(config);
        if (made.has_error()) return {made.error()};
        connector = std::move(*made);
        return {};
    };
    const auto started = coven::start_daemon(manifest, argc, argv, prepare);
    if (const auto* status = std::get_if<int>(&started)) return *status;
    const auto& start = std::get<coven::DaemonStart>(started);

    asio::io_context io{1};
    asio::signal_set stop(io, SIGINT, SIGTERM);
    coven::SystemClock clock;
    const coven::Identity identity{manifest.kind, start.instance, manifest.verbs};
    coven::Bus bus(io, coven::Endpoints::from(start.config), clock, identity);

    const auto served = bus.metrics().serve(start.config, "coven-" + manifest.kind);
    if (served.has_error()) return give_up(manifest.kind, served.error(), coven::exit_failure);

    std::exception_ptr failure;
    asio::co_spawn(io, work(*connector, bus, stop), [&](const std::exception_ptr& thrown) {
        failure = thrown;
        bus.close();
    });
    coven::log::info("started",
                     {{"version", coven::version()}, {"metrics_url", bus.metrics().url()}});
    coven::notify_ready({"METRICS_URL=" + bus.metrics().url()});
    io.run();
    if (failure) return fail(failure);
    coven::log::info("stopped");
    return coven::exit_ok;
}
