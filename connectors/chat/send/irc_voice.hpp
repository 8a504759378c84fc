#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/backoff.hpp"
#include "coven/bell.hpp"
#include "coven/clock.hpp"
#include "coven/helix.hpp"
#include "coven/web_socket.hpp"
#include "line_splitter.hpp"
#include "login_token.hpp"
#include "send/irc_talk.hpp"

namespace chat {

/// An account's own connection to Twitch's chat, for speaking alone. It is made when somebody has
/// something to say, and kept.
class IrcVoice {
  public:
    struct Settings {
        std::string url;
        coven::WebSocket::Options socket;
        /// From the writing of a line to its outcome.
        coven::Duration answer_limit = std::chrono::seconds(10);
    };
    using Learn = std::function<void(const IrcTalk::Learned&)>;

    /// `tokens` and `clock` must outlive it.
    IrcVoice(Settings settings, std::string login, coven::TokenSource& tokens, coven::Clock& clock,
             const boost::asio::any_io_executor& executor, Learn learn);
    IrcVoice(const IrcVoice&) = delete;
    IrcVoice& operator=(const IrcVoice&) = delete;

    /// Begins nothing after `until`; waits for the outcome of what was begun.
    boost::asio::awaitable<Attempt> say(Speech speech, coven::Instant until);
    /// Keeps the connection, when it is wanted, until it is cancelled.
    boost::asio::awaitable<void> run();

  private:
    class Wish;

    boost::asio::awaitable<void> connect_once();
    boost::asio::awaitable<void> converse(coven::WebSocket& socket);
    boost::asio::awaitable<void> read(coven::WebSocket& socket);
    boost::asio::awaitable<void> speak(coven::WebSocket& socket);
    boost::asio::awaitable<void> answer_refusal();
    void hear(std::string_view frame);
    void pass_on();
    void end(const std::string& reason);
    bool is_open() const { return talk_ && talk_->is_open(); }

    Settings settings_;
    std::string login_;
    LoginToken token_;
    coven::Clock& clock_;
    Learn learn_;
    LineSplitter splitter_;
    std::optional<IrcTalk> talk_;
    /// A fresh token was refused, too, or none could be had.
    bool has_replaced_ = false;
    /// Of those who wait to say something.
    int wishes_ = 0;
    IrcTalk::Number last_ = 0;
    IrcTalk::Outcomes outcomes_;
    /// Why there is no connection.
    std::string trouble_ = "not connected to Twitch's chat yet";
    /// Counts logins that no token could bring about; the latest reason is in `fault_`.
    int faults_ = 0;
    Attempt fault_;
    coven::Backoff backoff_;
    coven::Instant next_dial_{};
    /// For those who speak: the connection has changed, or an outcome has come.
    coven::Bell changed_;
    /// For the connection: there is something to be said.
    coven::Bell wanted_;
};

}  // namespace chat
