#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "dribble_socket.hpp"
#include "web_message.hpp"

namespace coven::sim {

/// A certificate with its key, both PEM.
struct Credentials {
    std::string certificate;
    std::string key;
};

/// One client's WebSocket, as the server sees it. One read, one write and one close may run at the
/// same time.
class ServerSocket {
  public:
    static constexpr unsigned normal_closure = 1000;

    virtual ~ServerSocket() = default;

    /// What the client asked for, with its query. Example: "/".
    virtual const std::string& path() const = 0;
    /// How the client addresses this server. Example: "wss://localhost:8443".
    virtual std::string origin() const = 0;
    /// The next message, valid until the next call; nothing when the connection has ended.
    virtual boost::asio::awaitable<std::optional<std::string_view>> read() = 0;
    enum class Kind { text, binary };
    /// One message; nobody looks whether text is UTF-8. False when the connection has ended.
    virtual boost::asio::awaitable<bool> write(std::string_view bytes, Kind kind) = 0;
    /// One text message in fragments of at most `size` bytes.
    virtual boost::asio::awaitable<bool> write_fragments(std::string_view text,
                                                         std::size_t size) = 0;
    /// A frame that says it is `text`, and then only half of it. Nothing may be written afterwards.
    virtual boost::asio::awaitable<void> write_half_frame(std::string_view text) = 0;
    /// A ping of the protocol's own, to be called as a write is. False when the connection has
    /// ended.
    virtual boost::asio::awaitable<bool> ping() = 0;
    /// Called for each pong while a read is under way.
    virtual void on_pong(std::function<void()> pong) = 0;
    /// Says goodbye with a code (RFC 6455, 7.4) and a reason of at most 123 bytes, and waits for
    /// the answer, at most a moment.
    virtual boost::asio::awaitable<void> close(unsigned code, std::string_view reason) = 0;
    /// Drops the connection at once; reads and writes under way end.
    virtual void cut() = 0;
    /// The same with a TCP reset, so that the client does not even get what is on its way.
    virtual void reset() = 0;
};

/// Listens on one port, with or without TLS, for WebSocket clients and for those who ask for
/// something over HTTP.
class WebServer {
  public:
    struct Options {
        /// An address, not a name.
        std::string bind = "127.0.0.1";
        /// 0 = any free one.
        std::uint16_t port = 0;
        /// Set = wss:// and https://.
        std::optional<Credentials> tls;
        /// For TLS and the first request together.
        std::chrono::milliseconds handshake_limit{10000};
        /// For an answer to be written, and from there to the end of the next request.
        std::chrono::milliseconds idle_limit{60000};
        std::chrono::milliseconds close_limit{2000};
        /// A longer message ends the connection.
        std::size_t max_message_bytes = 64u << 10;
        /// Of a request's head; a longer one is refused, 431.
        std::uint32_t max_head_bytes = 16u << 10;
        /// Of a request's body; a longer one is refused, 413.
        std::uint64_t max_body_bytes = 64u << 10;
    };
    struct Service {
        /// For each client that wants a WebSocket; without it nobody gets one.
        std::function<boost::asio::awaitable<void>(ServerSocket&)> web_socket;
        /// The status that a client with this target gets instead, 0 = none; without it all get
        /// their WebSocket.
        std::function<unsigned(std::string_view target)> web_socket_refusal;
        /// For each other request, one at a time of each connection; without it they get 404.
        std::function<boost::asio::awaitable<WebAnswer>(WebRequest)> request;
    };

    /// Fails when the port is taken or the certificate cannot be used. `io` and `clock` must
    /// outlive the server.
    static Result<std::unique_ptr<WebServer>> listen(boost::asio::io_context& io, Clock& clock,
                                                     Options options);
    ~WebServer();

    std::uint16_t port() const;
    /// Serves all clients at the same time until it is cancelled; then ends only after all of them
    /// have ended.
    boost::asio::awaitable<void> run(Service service);
    /// Refuses connections for so long; those that are there stay.
    void shut(Duration time);
    /// Drops every connection that has no WebSocket, in the middle of a request or not.
    void cut_requests();
    /// TLS handshakes that begin from now on dribble.
    void set_handshake_dribble(Dribble dribble);

  private:
    class Listener;
    explicit WebServer(std::unique_ptr<Listener> listener);

    std::unique_ptr<Listener> listener_;
};

}  // namespace coven::sim
