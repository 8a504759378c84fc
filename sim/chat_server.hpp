#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "chat_message.hpp"
#include "connection.hpp"

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

    /// One message of an account without badges, to all in `channel`. How many connections hear it.
    std::size_t say(std::string_view channel, std::string_view login, std::string_view text);
    /// Fills in what is empty of `id` and `sent`.
    std::size_t say(ChatMessage message);
    /// `line`, without CR LF, to the room it names, or to everybody when it names none. How many
    /// connections hear it.
    std::size_t send_raw(std::string_view line);
    /// One WebSocket frame to everybody, as it is: several lines, a piece of one, nonsense.
    void send_frame(std::string_view bytes);
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

    Clock& clock();

  private:
    class State;
    explicit ChatServer(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace coven::sim
