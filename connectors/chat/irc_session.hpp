#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "coven/clock.hpp"
#include "coven/secret.hpp"
#include "irc_line.hpp"

namespace chat {

/// What every conversation with Twitch's chat needs, whatever it is for: the login and the signs of
/// life. Pure: lines and times go in, lines to be sent and a failure come out.
///
/// https://dev.twitch.tv/docs/chat/irc/ (read 2026-11-22)
class IrcSession {
  public:
    struct Settings {
        /// Of the account; "justinfan" and digits reads without one.
        std::string nick;
        /// Empty = without an account.
        coven::Secret token;
        /// From the connection to the welcome.
        coven::Duration login_limit = std::chrono::seconds(15);
        /// Twitch asks about every five minutes; a half-open connection must show sooner.
        coven::Duration ping_every = std::chrono::seconds(30);
        coven::Duration pong_limit = std::chrono::seconds(10);
        /// Asks to be told who joins and parts.
        bool membership = false;
    };

    /// The connection stands since `now`; the login waits in `take_output`.
    IrcSession(Settings settings, coven::Instant now);

    /// To be told of every line; others may read it, too.
    void hear(const IrcLine& line, coven::Instant now);
    /// Does what is due at `now`: nothing once it has failed.
    void advance(coven::Instant now);
    coven::Instant deadline() const;
    /// A PING, whose PONG repeats `text` and is due within `pong_limit`.
    void ask(std::string_view text, coven::Instant now);
    void send(std::string_view line);
    /// Lines to be sent, each with its end.
    std::string take_output();

    /// Logged in, and not failed since.
    bool is_open() const { return welcomed_ && !failure_; }
    bool welcomed() const { return welcomed_; }
    /// Set when the connection is of no use any more: why.
    const std::optional<std::string>& failure() const { return failure_; }
    /// What Twitch said when it did not take the token: then that is why it failed.
    const std::optional<std::string>& login_refusal() const { return login_refusal_; }
    /// The account's login, as the server knows it.
    const std::string& nick() const { return settings_.nick; }

  private:
    void answer_ping(const IrcLine& line);
    void hear_welcome(const IrcLine& line, coven::Instant now);
    void hear_notice(const IrcLine& line);

    Settings settings_;
    std::string output_;
    std::optional<std::string> failure_;
    std::optional<std::string> login_refusal_;
    bool welcomed_ = false;
    coven::Instant login_deadline_;
    coven::Instant next_ping_ = coven::Instant::max();
    coven::Instant pong_deadline_ = coven::Instant::max();
};

/// The channel that the first parameter names, without its '#' and in lower case; empty = none.
std::string channel_of(const IrcLine& line);
/// Empty if there is none.
std::string_view last_parameter(const IrcLine& line);
/// The beginning of what the server said, fit for events, answers and logs.
std::string said(std::string_view text);

}  // namespace chat
