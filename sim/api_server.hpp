#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "accounts.hpp"
#include "api_faults.hpp"
#include "api_log.hpp"
#include "eventsub/server.hpp"
#include "helix_api.hpp"
#include "users.hpp"
#include "web_server.hpp"

namespace coven::sim {

/// What has happened so far.
struct ApiTally {
    /// By host and status.
    std::map<std::pair<ApiHost, unsigned>, std::uint64_t> calls;
    /// Calls that came at the same time.
    std::size_t at_once = 0;
    std::size_t most_at_once = 0;

    std::uint64_t calls_of(ApiHost host) const;
};

/// id.twitch.tv, api.twitch.tv and eventsub.wss.twitch.tv on this machine, all on one port, or on
/// one for http:// and one for https://. Everything happens on the thread that runs `io`.
///
///     Users users;
///     auto server = ApiServer::listen(io, clock, users, {}).value();
///     const auto token = server->accounts().issue("coven_bot", {"user:read:chat"}).access;
///     co_spawn(io, server->run() || test(server->url(ApiHost::helix)), …);
class ApiServer {
  public:
    struct Options {
        std::string bind = "127.0.0.1";
        /// 0 = any free one.
        std::uint16_t port = 0;
        /// Set = there is a second port for https://.
        std::optional<Credentials> tls;
        std::uint16_t tls_port = 0;
        Accounts::Options accounts;
        HelixApi::Options helix;
        eventsub::Hub::Options eventsub;
        /// File for every call, without its secrets; empty = none.
        std::string request_log;
    };

    /// Listens at once; clients are served while `run` runs. Fails when a port is taken, the
    /// certificate cannot be used or the file cannot be written. All but the options must outlive
    /// the server.
    static Result<std::unique_ptr<ApiServer>> listen(boost::asio::io_context& io, Clock& clock,
                                                     Users& users, Options options);
    ~ApiServer();

    /// Serves until it is cancelled.
    boost::asio::awaitable<void> run();
    /// Example: http://127.0.0.1:40217/oauth2
    std::string url(ApiHost host) const;
    /// For `name`, which the certificate must name. Empty without TLS.
    std::string tls_url(ApiHost host, std::string_view name) const;

    /// Where users chat; must outlive it. Without it Helix has no endpoints of chat.
    void set_chat(Chat& chat);
    Accounts& accounts();
    Users& users();
    ApiFaults& faults();
    /// The WebSockets of EventSub, on the same ports.
    eventsub::Server& eventsub();
    /// Example: ws://127.0.0.1:40217/ws
    std::string eventsub_url() const;
    /// As tls_url.
    std::string eventsub_tls_url(std::string_view name) const;
    /// Drops all connections and refuses new ones for so long.
    void refuse(Duration time);

    const ApiTally& tally() const;
    /// The last 10 000 calls, oldest first.
    const std::deque<ApiCall>& calls() const;
    /// Returns when `holds` does; asked again after each call. Waits for ever: wrap it in `within`.
    boost::asio::awaitable<void> until(std::function<bool()> holds);

  private:
    class State;
    explicit ApiServer(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace coven::sim
