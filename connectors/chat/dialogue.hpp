#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "coven/clock.hpp"
#include "coven/secret.hpp"
#include "irc_line.hpp"
#include "roster.hpp"

namespace chat {

/// What a line means for those who use a connection.
struct Heard {
    enum class Kind {
        nothing,
        /// A PRIVMSG: the caller reads it.
        message,
        /// `channel` is heard from now on.
        joined,
        /// `channel` will not be heard; `text` says why.
        refused,
        /// `channel` was heard and is no longer; `text` says why.
        left,
        /// `text` is the numeric id of `channel`.
        identified,
        /// The server is about to close and wants us to go to another one.
        reconnect,
    };

    Kind kind = Kind::nothing;
    std::string channel;
    std::string text;
};

/// One connection's conversation with Twitch's chat: login, joins and signs of life. Pure: lines
/// and times go in, lines to be sent and decisions come out.
///
/// https://dev.twitch.tv/docs/chat/irc/ (read 2026-11-22)
class Dialogue {
  public:
    struct Settings {
        /// "justinfan" and digits reads without an account.
        std::string nick;
        /// Of the account; empty = without one.
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
    Dialogue(Settings settings, Roster roster, coven::Instant now);

    Heard hear(const IrcLine& line, coven::Instant now);
    /// Joins `channel` from now on, or leaves it.
    void want(const std::string& channel, JoinQueue::Turn turn) { roster_.want(channel, turn); }
    void drop(const std::string& channel);
    /// See `Roster::when_granted`.
    void when_granted(std::function<void()> wake) { roster_.when_granted(std::move(wake)); }
    /// Does what is due at `now`. To be called at `deadline`, and after lines were heard.
    void advance(coven::Instant now);
    coven::Instant deadline(coven::Instant now) const;
    /// Asks for a last sign of life, once; when it has come (`drained`), everything that was said
    /// until now has been heard.
    void drain(coven::Instant now);
    bool drained() const { return drained_; }
    /// Lines to be sent, each with its end.
    std::string take_output();
    /// Set when the connection is of no use any more: why.
    const std::optional<std::string>& failure() const { return failure_; }
    /// The account's login, as the server knows it.
    const std::string& nick() const { return settings_.nick; }
    bool welcomed() const { return welcomed_; }
    /// It failed because Twitch does not take the token.
    bool login_refused() const { return login_refused_; }
    const Roster& roster() const { return roster_; }

  private:
    void answer_ping(const IrcLine& line);
    void hear_pong(const IrcLine& line);
    void ask(std::string_view text, coven::Instant now);
    void hear_capabilities(const IrcLine& line);
    void hear_welcome(const IrcLine& line, coven::Instant now);
    Heard hear_notice(const IrcLine& line, coven::Instant now);
    Heard hear_join(const IrcLine& line);
    Heard hear_part(const IrcLine& line, coven::Instant now);
    Heard hear_room_state(const IrcLine& line);
    bool is_own(const IrcLine& line) const;
    void keep_alive(coven::Instant now);
    void send(std::string_view line);

    Settings settings_;
    Roster roster_;
    std::string output_;
    std::optional<std::string> failure_;
    bool welcomed_ = false;
    bool login_refused_ = false;
    bool draining_ = false;
    bool drained_ = false;
    coven::Instant login_deadline_;
    coven::Instant next_ping_ = coven::Instant::max();
    coven::Instant pong_deadline_ = coven::Instant::max();
};

}  // namespace chat
