#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "chat_message.hpp"
#include "connection.hpp"
#include "target.hpp"

namespace coven::sim {

/// Twitch's chat server on this machine: what a real one says to a client's lines, and the strings
/// that a test, a script or a generator pulls. Everything happens on the thread that runs `io`.
///
///     auto server = ChatServer::listen(io, clock, {}).value();
///     co_spawn(io, server->run() || test(*server), …);      // test connects to server->url()
class ChatServer {
  public:
    struct Options {
        std::string bind = "127.0.0.1";
        /// 0 = any free one.
        std::uint16_t port = 0;
        /// Set = there is a second port for wss://.
        std::optional<Credentials> tls;
        std::uint16_t tls_port = 0;
        ChatRules rules;
        Outbox::Limits outbox;
        Patience patience;
        /// File for every line that was sent; empty = none.
        std::string sent_log;
        /// File for every line of chat that was said, also what nobody could hear; empty = none.
        std::string said_log;
        /// File for what accounts did; empty = none.
        std::string deed_log;
    };

    /// Listens at once; clients are served while `run` runs. Fails when a port is taken, the
    /// certificate cannot be used or the file cannot be written. `io` and `clock` must outlive the
    /// server.
    static Result<std::unique_ptr<ChatServer>> listen(boost::asio::io_context& io, Clock& clock,
                                                      Options options);
    ~ChatServer();

    /// Serves until it is cancelled, which ends all connections.
    boost::asio::awaitable<void> run();
    /// Example: ws://127.0.0.1:40217
    std::string url() const;
    /// For `host`, which the certificate must name. Empty without TLS.
    std::string tls_url(std::string_view host) const;

    /// What all clients share: channels, their rules, what accounts did.
    Chat& chat();
    /// Everybody who has logged in, been joined or chatted on demand.
    Users& users();
    /// As chat shows an account of this login, which is among `users` from then on.
    Person meet(std::string_view login);

    /// One message of an account without badges, to all in `channel`. How many connections hear it.
    std::size_t say(std::string_view channel, std::string_view login, std::string_view text);
    /// Fills in what is empty of `id` and `sent`.
    std::size_t say(ChatMessage message);
    /// `line`, without CR LF, to the room it names, or to everybody when it names none. How many
    /// connections hear it.
    std::size_t send_raw(std::string_view line);
    /// One WebSocket frame to everybody, as it is: several lines, a piece of one, nonsense.
    void send_frame(std::string_view bytes);
    /// Calls `use` with each connection that `target` means. How many these are.
    std::size_t each(const Target& target, const std::function<void(Connection&)>& use);
    /// Of those that `target` means; if these are all, also of those to come.
    std::size_t set_voice(const Target& target, Voice voice);
    std::size_t set_delivery(const Target& target, Delivery delivery);
    /// The next `count` logins are refused with `notice`.
    void refuse_logins(std::uint64_t count, std::string notice);
    /// Refuses connections for so long; those that are there stay.
    void shut(Duration time);
    /// TLS handshakes that begin from now on dribble.
    void set_handshake_dribble(Dribble dribble);
    /// Drops connections without a goodbye: one (see `connection_numbers`), or all.
    void cut(std::uint64_t connection);
    void cut_all();
    /// Tells everybody to reconnect and hangs up after `Patience::reconnect_grace`.
    void reconnect();
    /// Hangs up politely on everybody once all is sent; returns when they are gone, at most after
    /// `limit`.
    boost::asio::awaitable<void> say_goodbye(Duration limit);
    /// From now on no connection hears a word, answers to its own lines included.
    void fall_silent();
    void speak_again();
    /// Everybody in `channel` is told and thrown out; it cannot be joined any more.
    void suspend(std::string_view channel);
    void restore(std::string_view channel);

    /// Numbers of those who are connected, in the order they came.
    std::vector<std::uint64_t> connection_numbers() const;
    /// How many connections sit in `channel`.
    std::size_t audience(std::string_view channel) const;
    /// Channels with an audience.
    std::size_t joined_channels() const;
    /// Grows whenever a channel gets its first listener or loses its last one.
    std::uint64_t room_changes() const;
    const Tally& tally() const;
    /// The last 10 000 lines from clients, oldest first.
    const std::deque<Received>& received() const;

    /// Returns when `holds` does; asked again whenever somebody came, went or sent a line. Waits
    /// for ever: wrap it in `within`.
    boost::asio::awaitable<void> until(std::function<bool()> holds);
    boost::asio::awaitable<void> until_joined(std::string channel);
    boost::asio::awaitable<void> until_connected(std::size_t connections);
    /// Until a client has sent a line that begins with `beginning`.
    boost::asio::awaitable<void> until_received(std::string beginning);
    /// Until at least `count` channels have an audience.
    boost::asio::awaitable<void> until_joined_channels(std::size_t count);
    /// Until no outbox holds more than `bytes`; 0 = everything is written.
    boost::asio::awaitable<void> until_sent(std::size_t bytes);
    /// Until `Tally::said` is `count`. Who says lines one after the other stops there for a moment
    /// (`lines_until_stop`), so that whatever waits comes exactly between two lines.
    boost::asio::awaitable<void> until_said(std::uint64_t count);
    std::uint64_t lines_until_stop() const;
    /// Runs `job` beside the others; it is cancelled when the server ends.
    void start(boost::asio::awaitable<void> job);
    /// Counts one more thing that was done on demand, see `faults`.
    void note_fault(std::string_view name);
    /// What was done on demand so far, and how often.
    const std::map<std::string, std::uint64_t, std::less<>>& faults() const;

    Clock& clock();

  private:
    class State;
    explicit ChatServer(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace coven::sim
