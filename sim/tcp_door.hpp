#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "coven/clock.hpp"
#include "coven/jobs.hpp"

namespace coven::sim {

/// A TCP port that can be shut for a while.
class TcpDoor {
  public:
    using Admit = std::function<boost::asio::awaitable<void>(boost::asio::ip::tcp::socket)>;

    /// `io` and `clock` must outlive it.
    TcpDoor(boost::asio::io_context& io, Clock& clock);

    /// Listens at the address `bind`; port 0 = any free one. What went wrong, or nothing.
    boost::system::error_code open(std::string bind, std::uint16_t port);
    std::uint16_t port() const { return port_; }
    /// Gives each client to `admit`, all at the same time, until it is cancelled; then ends only
    /// after all of them have ended.
    boost::asio::awaitable<void> run(Admit admit);
    /// Refuses connections for so long; those that are there stay.
    void shut(Duration time);

  private:
    boost::system::error_code listen();
    boost::asio::awaitable<void> accept_all(const Admit& admit);
    boost::asio::awaitable<void> reopen();

    Clock& clock_;
    std::string bind_;
    std::uint16_t port_ = 0;
    boost::asio::ip::tcp::acceptor acceptor_;
    /// While it is shut.
    Instant opens_at_;
    Jobs jobs_;
    /// Never rung: its wait ends when `run` is cancelled.
    Bell cancelled_;
};

}  // namespace coven::sim
