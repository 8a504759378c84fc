#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "client_outbox.hpp"
#include "coven/bell.hpp"
#include "eventsub/hub.hpp"
#include "manner.hpp"
#include "web_server.hpp"

namespace coven::sim::eventsub {

/// One client: its session, what waits to be sent to it, and its socket.
class Connection final : public Wire {
  public:
    /// `hub` and `socket` must outlive it.
    Connection(std::uint64_t number, const boost::asio::any_io_executor& executor, Hub& hub,
               ServerSocket& socket);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    /// Ends its session, if that has not ended yet.
    ~Connection() override { end_session("websocket_disconnected"); }

    /// Serves until either side ends it.
    boost::asio::awaitable<void> run();

    bool send(std::string_view message) override;
    bool tell(std::string_view message) override;
    void wake() override { bell_.ring(); }
    /// One message as it is.
    void send_frame(std::string_view bytes, Outbox::Frame::Kind kind);
    /// Says session_reconnect.
    void ask_to_reconnect();
    /// Closes with `code` once everything sent so far is out.
    void close(unsigned code);
    /// Drops it without a goodbye, as `reset` does with a TCP reset.
    void cut();
    void reset();
    /// From now on neither reads nor writes, and keeps it open.
    void half_open();
    /// The next message stops half way, and the connection is half open then.
    void stop_half_way() { stops_half_way_ = true; }
    void set_voice(Voice voice);

    std::uint64_t number() const { return number_; }
    /// nullptr = none: not welcomed yet, or none any more.
    const Session* session() const { return session_; }
    Voice voice() const { return voice_; }
    bool is_half_open() const { return is_half_open_; }
    std::size_t waiting_bytes() const { return outbox_.bytes(); }

  private:
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<void> read_all();
    boost::asio::awaitable<void> write_all();
    boost::asio::awaitable<bool> deliver(const Outbox::Frame& frame);
    boost::asio::awaitable<void> watch();
    boost::asio::awaitable<void> until_half_open();
    boost::asio::awaitable<void> stay_half_open();
    /// What is due at `now`.
    void look_after(Instant now);
    /// When there is something to look after next.
    Instant next_look() const;
    void take(Outbox::Added added);
    void end_session(std::string_view status);
    Clock& clock() const { return hub_.clock(); }

    std::uint64_t number_;
    Hub& hub_;
    ServerSocket& socket_;
    Session* session_ = nullptr;
    Outbox outbox_;
    Bell bell_;
    Voice voice_ = Voice::speaking;
    std::optional<Instant> writing_since_;
    /// Set = the connection ends with it.
    std::optional<unsigned> code_;
    bool is_ping_due_ = false;
    bool is_dropped_ = false;
    bool stops_half_way_ = false;
    bool is_half_open_ = false;
};

/// What the target of a client's request asks for: "/ws?keepalive_timeout_seconds=30".
Dialled read_target(std::string_view target);
/// What becomes of the subscriptions of a session that ends with this code.
std::string_view status_after(unsigned code);

}  // namespace coven::sim::eventsub
