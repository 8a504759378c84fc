#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "chat.hpp"
#include "client_outbox.hpp"
#include "coven/bell.hpp"
#include "manner.hpp"
#include "sent_log.hpp"
#include "session.hpp"
#include "web_server.hpp"

namespace coven::sim {

/// How patient the server is with one connection.
struct Patience {
    /// How often the server asks. Twitch: about every five minutes,
    /// https://dev.twitch.tv/docs/chat/irc/#keepalive-messages (read 2026-11-22).
    Duration ping_every = std::chrono::minutes(5);
    Duration answer_limit = std::chrono::seconds(60);
    Duration login_limit = std::chrono::seconds(60);
    /// How long one frame may take to be written.
    Duration write_limit = std::chrono::seconds(10);
    /// How long a connection that is half open is kept.
    Duration half_open_limit = std::chrono::minutes(10);
    /// From a RECONNECT to the server's goodbye; Twitch does not say how long it waits.
    Duration reconnect_grace = std::chrono::seconds(10);
};

/// What has happened so far.
struct Tally {
    std::uint64_t connections = 0;
    /// Connections dropped because the client did not read, log in or answer a PING.
    std::uint64_t cut = 0;
    /// Lines of chat that at least one connection heard.
    std::uint64_t said = 0;
    /// Lines written to sockets, answers included; a line that two connections got counts twice.
    std::uint64_t sent = 0;
    /// Lines that came from clients.
    std::uint64_t received = 0;
};

/// A line from a client.
struct Received {
    std::uint64_t connection = 0;
    std::string line;
};

/// What all connections of a server share.
struct Shared {
    Shared(const boost::asio::any_io_executor& given, ChatRules rules, Clock& clock)
        : executor(given), chat(std::move(rules), clock), changed(given), spoken(given) {}

    boost::asio::any_io_executor executor;
    Chat chat;
    Patience patience;
    Outbox::Limits outbox;
    Tally tally;
    /// The last lines from clients, oldest first.
    std::deque<Received> received;
    std::optional<SentLog> sent_log;
    /// For connections to come.
    Voice voice = Voice::speaking;
    Delivery delivery;
    /// Rung when somebody came, went, said something or was written to.
    Bell changed;
    /// Rung when an outbox became shorter.
    Bell spoken;
};

/// One client: its session, what waits to be sent to it, and its socket.
class Connection final : public Wire {
  public:
    /// `shared` and `socket` must outlive it.
    Connection(std::uint64_t number, Shared& shared, ServerSocket& socket);

    /// Serves until either side ends it.
    boost::asio::awaitable<void> run();

    void send(std::string_view line) override;
    void tell(std::string_view line) override;
    /// `line`, if the client has asked for such lines.
    void hear(const ServerLine& line) { session_.hear(line); }
    /// Is thrown out of `room`.
    void leave(std::string_view room) { session_.leave(room); }
    /// One message as it is.
    void send_frame(std::string_view bytes, Outbox::Frame::Kind kind);
    void hang_up(const char* why) override;
    /// Hangs up once everything sent so far is out, for no fault of the client's.
    void say_goodbye();
    /// Drops it without a goodbye, as `reset` does with a TCP reset.
    void cut();
    void reset();
    /// From now on neither reads nor writes, and keeps it open.
    void half_open();
    /// The next message stops half way, and the connection is half open then.
    void stop_half_way() { stops_half_way_ = true; }
    void set_voice(Voice voice) { voice_ = voice; }
    void set_delivery(Delivery delivery);
    /// Says RECONNECT now and hangs up after the grace.
    void ask_to_reconnect();
    /// To be called now and then: pings, and ends what was given time enough.
    void look_after(Instant now);

    std::uint64_t number() const { return number_; }
    const Session& session() const { return session_; }
    Voice voice() const { return voice_; }
    bool is_half_open() const { return is_half_open_; }
    std::size_t waiting_bytes() const { return outbox_.bytes(); }
    bool is_idle() const { return outbox_.empty() && !writing_since_; }

  private:
    boost::asio::awaitable<void> read_all();
    boost::asio::awaitable<void> write_all();
    boost::asio::awaitable<bool> deliver(const Outbox::Frame& frame);
    boost::asio::awaitable<bool> write_split(std::string_view text);
    boost::asio::awaitable<void> until_half_open();
    boost::asio::awaitable<void> stay_half_open();
    bool is_due() const;
    void receive(std::string_view line);
    void take(Outbox::Added added);
    void note_sent(std::string_view frame);
    void cut_for(const char* why);

    std::uint64_t number_;
    Shared& shared_;
    ServerSocket& socket_;
    Session session_;
    Outbox outbox_;
    Bell bell_;
    Instant began_;
    Instant asked_;
    std::optional<Instant> writing_since_;
    std::optional<Instant> leaves_at_;
    Voice voice_;
    Delivery delivery_;
    bool is_leaving_ = false;
    bool is_cut_ = false;
    /// By us.
    bool is_dropped_ = false;
    bool stops_half_way_ = false;
    bool is_half_open_ = false;
    /// What waits goes out though it is less than `delivery_` wants.
    bool is_overdue_ = false;
    /// The beginning of a line whose end is still to be sent.
    std::string piece_;
};

}  // namespace coven::sim
