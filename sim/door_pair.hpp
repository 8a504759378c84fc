#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "web_server.hpp"

namespace coven::sim {

/// One service on two ports: plain and, with a certificate, over TLS.
class DoorPair {
  public:
    struct Options {
        /// An address, not a name.
        std::string bind;
        /// 0 = any free one.
        std::uint16_t port = 0;
        std::uint16_t tls_port = 0;
        /// Not set = no TLS.
        std::optional<Credentials> tls;
    };

    /// To be called once, before the rest; fails as WebServer::listen does.
    Result<void> open(boost::asio::io_context& io, Clock& clock, const Options& options);

    /// Until it is cancelled.
    boost::asio::awaitable<void> run(WebServer::Service service);
    /// Example: url("ws") is "ws://127.0.0.1:8080".
    std::string url(std::string_view scheme) const;
    /// With `host` as its name; empty without TLS.
    std::string tls_url(std::string_view scheme, std::string_view host) const;
    /// See WebServer.
    void shut(Duration time);
    void cut_requests();
    void set_handshake_dribble(Dribble dribble);

  private:
    std::string bind_;
    std::unique_ptr<WebServer> plain_;
    std::unique_ptr<WebServer> tls_;
};

}  // namespace coven::sim
