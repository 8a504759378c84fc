#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/result.hpp"

namespace coven {

/// The other side is out of reach or went away; the message says which and why.
class LinkLost : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A client's WebSocket, ws:// or wss://. Peer and host name are verified against the system's
/// certificates (SSL_CERT_FILE is honoured) or those of `ca_file`. Not thread-safe; one read and
/// one write may run at the same time. Destroying it cuts the connection.
class WebSocket {
  public:
    struct Options {
        /// PEM file that replaces the system's certificates; empty = the system's.
        std::string ca_file;
        /// For name look-up, TCP, TLS and the upgrade together.
        std::chrono::milliseconds connect_limit{15000};
        std::chrono::milliseconds write_limit{10000};
        /// A longer message ends the connection.
        std::size_t max_message_bytes = 4u << 20;
    };

    /// What keeps `url` from being one that `connect` can dial, if anything does. What stands
    /// before an `@` may be a password and is not repeated.
    static std::optional<Error> url_fault(const std::string& url);
    /// Throws LinkLost, naming `url` and the step that failed. `clock` must outlive the result.
    static boost::asio::awaitable<std::unique_ptr<WebSocket>> connect(Clock& clock, std::string url,
                                                                      Options options);
    ~WebSocket();

    /// The next text or binary message, valid until the next call of `read`. Waits for ever; pings
    /// are answered meanwhile. A read that is cancelled (by `within`, by `||`) leaves the
    /// connection unusable: keep one job reading and watch the time in another. Throws LinkLost
    /// when the connection ends.
    boost::asio::awaitable<std::string_view> read();
    /// Sends one text message. Throws LinkLost, or TimedOut after `write_limit`; the connection is
    /// of no use then.
    boost::asio::awaitable<void> write(std::string text);
    /// Says goodbye and waits a moment for the answer; never throws for the peer's sake.
    boost::asio::awaitable<void> close();

    /// What a connection is made of; only web_socket.cpp knows.
    class Stream;

  private:
    WebSocket(std::unique_ptr<Stream> stream, Clock& clock, Options options);

    std::unique_ptr<Stream> stream_;
    Clock* clock_;
    Options options_;
};

}  // namespace coven
