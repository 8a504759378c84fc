#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"
#include "irc_line.hpp"
#include "irc_session.hpp"
#include "send/attempt.hpp"
#include "send/limiter.hpp"

namespace chat {

/// One connection's conversation with Twitch's chat in which an account speaks: login, lines, what
/// became of them, signs of life. It joins no channel: speaking needs none, and an account may be
/// in 100. Pure: lines and times go in, lines to be sent and outcomes come out.
///
/// Twitch confirms a line by a USERSTATE of the channel that repeats our client-nonce, and refuses
/// it by a NOTICE, which names nothing but the channel. So a channel must have one line under way
/// at a time (SendLimiter sees to that), and after a line without an outcome the conversation ends:
/// a late NOTICE would be taken for the next line's.
///
/// https://dev.twitch.tv/docs/chat/irc/ (read 2026-11-22)
class IrcTalk {
  public:
    using Number = std::uint64_t;
    using Outcomes = std::map<Number, Attempt>;
    struct Learned {
        std::string channel;
        Standing standing;
    };

    /// The connection stands since `now`; the login waits in `take_output`. `answer_limit`: from
    /// the writing of a line to its outcome. `nonce` begins the client-nonce of each line: no other
    /// connection may have the same.
    IrcTalk(IrcSession::Settings session, coven::Duration answer_limit, std::string nonce,
            coven::Instant now);

    void hear(const IrcLine& line, coven::Instant now);
    /// Does what is due at `now`.
    void advance(coven::Instant now);
    coven::Instant deadline() const;
    /// Lines to be sent, each with its end. What it gives counts as written.
    std::string take_output(coven::Instant now);

    /// Whether lines can be said: logged in, and not about to end.
    bool is_open() const { return session_.is_open() && !is_ending(); }
    /// Its outcome will be in `take_outcomes` under `number`. Only while open and with nothing
    /// under way in the channel.
    void say(Number number, const Speech& speech);
    Outcomes take_outcomes();
    /// What the account is in the channels that it has spoken in.
    std::vector<Learned> take_learned();
    /// The connection is gone: what is under way gets its outcome.
    void lose(const std::string& reason);

    /// Set when the connection is of no use any more: why.
    const std::optional<std::string>& failure() const { return session_.failure(); }
    /// What Twitch said when it did not take the token: then that is why it failed.
    const std::optional<std::string>& login_refusal() const { return session_.login_refusal(); }
    /// It says nothing more and waits for nothing.
    bool has_ended() const { return is_ending() && under_way_.empty(); }
    /// Why it says nothing more; empty = it does.
    const std::string& ending() const { return ending_; }

  private:
    struct UnderWay {
        Number number = 0;
        std::string nonce;
        bool written = false;
        coven::Instant deadline = coven::Instant::max();
        /// NOTICEs that we cannot read.
        std::string heard;
    };
    /// By channel.
    using Lines = std::map<std::string, UnderWay, std::less<>>;

    bool is_ending() const { return !ending_.empty(); }
    void hear_notice(const IrcLine& line);
    void hear_user_state(const IrcLine& line);
    void settle(Lines::iterator line, Attempt attempt);
    void give_up(coven::Instant now);

    IrcSession session_;
    coven::Duration answer_limit_;
    std::string nonce_;
    Lines under_way_;
    Outcomes outcomes_;
    std::vector<Learned> learned_;
    std::string ending_;
};

}  // namespace chat
