#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "coven/clock.hpp"
#include "irc_line.hpp"
#include "irc_session.hpp"
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

/// One connection's conversation with Twitch's chat in which channels are read. Pure: lines and
/// times go in, lines to be sent and decisions come out.
///
/// https://dev.twitch.tv/docs/chat/irc/ (read 2026-11-22)
class Dialogue {
  public:
    using Settings = IrcSession::Settings;

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
    std::string take_output() { return session_.take_output(); }
    /// Set when the connection is of no use any more: why.
    const std::optional<std::string>& failure() const { return session_.failure(); }
    /// The account's login, as the server knows it.
    const std::string& nick() const { return session_.nick(); }
    bool welcomed() const { return session_.welcomed(); }
    /// It failed because Twitch does not take the token.
    bool login_refused() const { return session_.login_refusal().has_value(); }
    const Roster& roster() const { return roster_; }

  private:
    void hear_pong(const IrcLine& line);
    Heard hear_notice(const IrcLine& line, coven::Instant now);
    Heard hear_join(const IrcLine& line);
    Heard hear_part(const IrcLine& line, coven::Instant now);
    Heard hear_room_state(const IrcLine& line);
    bool is_own(const IrcLine& line) const;

    IrcSession session_;
    Roster roster_;
    bool draining_ = false;
    bool drained_ = false;
};

}  // namespace chat
