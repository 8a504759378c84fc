#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <utility>
#include <variant>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "coven/bell.hpp"
#include "coven/daemon.hpp"
#include "coven/log.hpp"
#include "coven/metrics.hpp"
#include "settings.hpp"
#include "sim_metrics.hpp"

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using asio::experimental::awaitable_operators::operator&&;

namespace {

using namespace coven::sim;

/// How long clients have for the closing handshake at the end.
constexpr auto goodbye_limit = std::chrono::seconds(3);

asio::awaitable<void> play_generated(ChatServer& server, const Settings& settings) {
    if (settings.channels.empty()) co_return;
    Generator generator(settings.channels, settings.generator);
    GeneratedLines lines(server, std::move(generator), settings.where);
    co_await play(server, lines, settings.flow);
}

asio::awaitable<void> play_recorded(ChatServer& server, const Settings& settings) {
    if (settings.recorded.empty()) co_return;
    RecordedLines lines(server, settings.recorded, settings.repeat);
    co_await play(server, lines, settings.flow);
}

/// Returns when everything is said and sent and the program is to end.
asio::awaitable<void> play_all(Twitch twitch, const Settings& settings) {
    auto& server = twitch.chat;
    co_await (play_generated(server, settings) && play_recorded(server, settings) &&
              play_script(twitch, settings.script) && play_script(twitch, settings.faults));
    const std::function<bool()> never = [] { return false; };
    if (!settings.ends) co_await server.until(never);
    co_await server.until_sent(0);
    co_await server.clock().sleep(settings.linger);
    co_await server.say_goodbye(goodbye_limit);
}

asio::awaitable<void> wait_for_signal() {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    boost::system::error_code ignored;
    co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

/// Never returns when there is no port.
asio::awaitable<void> be_controlled(ControlPort* control) {
    if (control != nullptr) co_return co_await control->run();
    coven::Bell never(co_await asio::this_coro::executor);
    co_await never.wait();
}

asio::awaitable<void> serve(Twitch twitch, ControlPort* control, const Settings& settings,
                            coven::Metrics& metrics) {
    co_await (twitch.chat.run() || twitch.api.run() || be_controlled(control) ||
              play_all(twitch, settings) || metrics.keep_turning(twitch.chat.clock()) ||
              wait_for_signal());
}

/// nullptr when none is wanted.
coven::Result<std::unique_ptr<ControlPort>> open_control(asio::io_context& io, const Twitch& twitch,
                                                         const Settings& settings) {
    if (!settings.control) return std::unique_ptr<ControlPort>();
    return ControlPort::listen(io, twitch, *settings.control, settings.if_control_taken);
}

void announce(const Twitch& twitch, const ControlPort* control, const Settings& settings,
              const std::string& metrics_url) {
    const auto& host = settings.tls_host;
    const auto chat = twitch.chat.url();
    const auto chat_tls = twitch.chat.tls_url(host);
    const auto id = twitch.api.url(ApiHost::id);
    const auto id_tls = twitch.api.tls_url(ApiHost::id, host);
    const auto helix = twitch.api.url(ApiHost::helix);
    const auto helix_tls = twitch.api.tls_url(ApiHost::helix, host);
    const auto eventsub = twitch.api.eventsub_url();
    const auto eventsub_tls = twitch.api.eventsub_tls_url(host);
    const auto control_address = control == nullptr ? std::string() : control->address();
    coven::log::info("ready", {{"chat_url", chat},
                               {"chat_tls_url", chat_tls},
                               {"id_url", id},
                               {"id_tls_url", id_tls},
                               {"helix_url", helix},
                               {"helix_tls_url", helix_tls},
                               {"eventsub_url", eventsub},
                               {"eventsub_tls_url", eventsub_tls},
                               {"ca_file", settings.ca_file},
                               {"control", control_address},
                               {"metrics_url", metrics_url}});
    coven::notify_ready({"COVEN_CHAT_URL=" + chat, "COVEN_CHAT_TLS_URL=" + chat_tls,
                         "COVEN_ID_URL=" + id, "COVEN_ID_TLS_URL=" + id_tls,
                         "COVEN_HELIX_URL=" + helix, "COVEN_HELIX_TLS_URL=" + helix_tls,
                         "COVEN_EVENTSUB_URL=" + eventsub, "COVEN_EVENTSUB_TLS_URL=" + eventsub_tls,
                         "COVEN_CA_FILE=" + settings.ca_file,
                         "COVEN_SIM_CONTROL=" + control_address, "METRICS_URL=" + metrics_url});
}

void import_tokens(ApiServer& server, const Settings& settings) {
    const Scopes scopes = {"chat:edit",
                           "chat:read",
                           "moderator:manage:announcements",
                           "moderator:manage:banned_users",
                           "moderator:manage:chat_messages",
                           "moderator:manage:shoutouts",
                           "user:read:chat",
                           "user:write:chat",
                           "whispers:read"};
    for (const auto& [login, token] : settings.tokens) {
        server.accounts().import(std::string(token.reveal()), login, scopes);
    }
}

void sum_up(const Twitch& twitch) {
    const auto& tally = twitch.chat.tally();
    const auto& calls = twitch.api.tally();
    coven::log::info("stopped", {{"said", tally.said},
                                 {"sent", tally.sent},
                                 {"received", tally.received},
                                 {"connections", tally.connections},
                                 {"cut", tally.cut},
                                 {"id_calls", calls.calls_of(ApiHost::id)},
                                 {"helix_calls", calls.calls_of(ApiHost::helix)}});
}

int refuse(const coven::Error& error, coven::ExitStatus status) {
    std::cerr << "coven-sim: " << error.message << '\n';
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    coven::Result<Settings> settings = Settings();
    const auto prepare = [&](const coven::Config& config) -> std::vector<coven::Error> {
        settings = read_settings(config);
        if (!settings) return {settings.error()};
        return {};
    };
    const auto started = coven::start_daemon(manifest(), argc, argv, prepare);
    if (const int* status = std::get_if<int>(&started)) return *status;
    const auto& config = std::get<coven::DaemonStart>(started).config;
    const auto certified = make_certificates(config, *settings);
    if (!certified) return refuse(certified.error(), coven::exit_usage);

    asio::io_context io{1};
    coven::SystemClock clock;
    const auto server = ChatServer::listen(io, clock, settings->server);
    if (!server) return refuse(server.error(), coven::exit_failure);
    const auto api = ApiServer::listen(io, clock, (*server)->users(), settings->api);
    if (!api) return refuse(api.error(), coven::exit_failure);
    import_tokens(**api, *settings);
    const Twitch twitch{.chat = **server, .api = **api};
    introduce(twitch);
    for (const auto& command : settings->setup) carry_out(twitch, command);
    const auto control = open_control(io, twitch, *settings);
    if (!control) return refuse(control.error(), coven::exit_failure);
    coven::Metrics metrics;
    show(metrics, twitch);
    const auto served = metrics.serve(config, "coven-sim");
    if (!served) return refuse(served.error(), coven::exit_failure);
    metrics.ready();
    announce(twitch, control->get(), *settings, metrics.url());
    asio::co_spawn(io, serve(twitch, control->get(), *settings, metrics),
                   [](const std::exception_ptr& failure) {
                       if (failure) std::rethrow_exception(failure);
                   });
    io.run();
    sum_up(twitch);
    return coven::exit_ok;
}
