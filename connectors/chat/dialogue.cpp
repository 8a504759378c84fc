#include "dialogue.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "channel_login.hpp"
#include "coven/utf8.hpp"

namespace chat {

namespace {

using Kind = Heard::Kind;

/// RFC 2812, 2.3: a line has at most 512 bytes with its end.
constexpr std::size_t longest_join_line = 510;
/// More than this is never waiting to be sent by an honest conversation.
constexpr std::size_t most_output_bytes = 64u << 10;

/// What the server says before it closes a login, in any case of letters
/// (https://github.com/gempir/go-twitch-irc/issues/197, read 2026-11-22).
constexpr std::array login_refusals = {
    std::string_view("login authentication failed"),
    std::string_view("login unsuccessful"),
    std::string_view("improperly formatted auth"),
    std::string_view("invalid nick"),
};

struct Refusal {
    std::string_view msg_id;
    const char* reason;
    /// True: it is about the channel, at whatever time it comes; false: it answers a JOIN.
    bool at_any_time;
};

/// https://dev.twitch.tv/docs/chat/irc/#notice-message-ids (read 2026-11-22)
constexpr std::array refusals = {
    Refusal{"msg_channel_suspended", "suspended", true},
    Refusal{"tos_ban", "closed by Twitch", true},
    Refusal{"msg_banned", "banned", false},
    Refusal{"msg_channel_blocked", "blocked", false},
    Refusal{"msg_suspended", "not permitted", false},
    Refusal{"msg_verified_email", "account without a verified e-mail address", false},
    Refusal{"msg_requires_verified_phone_number", "account without a verified phone number", false},
};

/// What our PINGs say, and their answers repeat.
constexpr std::string_view question = "coven";
constexpr std::string_view last_question = "coven-last";

constexpr const char* expelled = "expelled: banned, or the channel is gone";

/// The parameter without its '#', or empty.
std::string_view channel_of(const IrcLine& line) {
    auto channel = line.parameter(0);
    if (!channel.starts_with('#')) return {};
    channel.remove_prefix(1);
    return channel;
}

std::string_view last_parameter(const IrcLine& line) {
    return line.parameters().empty() ? std::string_view() : line.parameters().back();
}

/// What the server said, fit for events and logs.
std::string said(std::string_view text) {
    constexpr std::size_t enough = 200;
    return coven::to_utf8(text.substr(0, enough));
}

bool refuses_login(std::string_view text) {
    const auto lower = lower_case(text);
    return std::any_of(login_refusals.begin(), login_refusals.end(),
                       [&lower](auto refusal) { return lower.find(refusal) != std::string::npos; });
}

const Refusal* refusal_of(const IrcLine& line) {
    const auto msg_id = line.tags().find("msg-id");
    const auto* found = std::find_if(refusals.begin(), refusals.end(),
                                     [msg_id](const auto& row) { return row.msg_id == msg_id; });
    return found == refusals.end() ? nullptr : found;
}

/// "JOIN #a,#b" for as many as fit, line after line.
std::vector<std::string> join_lines(const std::vector<std::string>& channels) {
    std::vector<std::string> lines;
    for (const auto& channel : channels) {
        const bool fits =
            !lines.empty() && lines.back().size() + channel.size() + 2 <= longest_join_line;
        if (fits) {
            lines.back() += ",#" + channel;
        } else {
            lines.push_back("JOIN #" + channel);
        }
    }
    return lines;
}

}  // namespace

Dialogue::Dialogue(Settings settings, Roster roster, coven::Instant now)
    : settings_(std::move(settings)),
      roster_(std::move(roster)),
      login_deadline_(now + settings_.login_limit) {
    const std::string membership = settings_.membership ? " twitch.tv/membership" : "";
    send("CAP REQ :twitch.tv/tags twitch.tv/commands" + membership);
    // Anonymous: any password will do, but it must look like one.
    const bool anonymous = settings_.token.empty();
    send("PASS oauth:" + std::string(anonymous ? "anonymous" : settings_.token.reveal()));
    send("NICK " + settings_.nick);
}

Heard Dialogue::hear(const IrcLine& line, coven::Instant now) {
    const auto command = line.command();
    if (command == "PRIVMSG") return {Kind::message, {}, {}};
    if (command == "PING") answer_ping(line);
    if (command == "PONG") hear_pong(line);
    if (command == "CAP") hear_capabilities(line);
    if (command == "001") hear_welcome(line, now);
    if (command == "NOTICE") return hear_notice(line, now);
    if (command == "JOIN") return hear_join(line);
    if (command == "PART") return hear_part(line, now);
    if (command == "ROOMSTATE") return hear_room_state(line);
    if (command == "RECONNECT") return {Kind::reconnect, {}, {}};
    return {};
}

void Dialogue::answer_ping(const IrcLine& line) {
    std::string text(last_parameter(line));
    // A bare CR would end our line early, and IRC forbids NUL (RFC 2812, 2.3.1).
    std::erase(text, '\r');
    std::erase(text, '\0');
    send("PONG :" + text);
}

void Dialogue::hear_pong(const IrcLine& line) {
    pong_deadline_ = coven::Instant::max();
    drained_ = drained_ || (draining_ && last_parameter(line) == last_question);
}

void Dialogue::drain(coven::Instant now) {
    if (draining_) return;
    draining_ = true;
    roster_.leave_queue();
    ask(last_question, now);
}

void Dialogue::hear_capabilities(const IrcLine& line) {
    if (line.parameter(1) != "NAK") return;
    failure_ = "Twitch refuses the capabilities '" + said(last_parameter(line)) + "'";
}

void Dialogue::hear_welcome(const IrcLine& line, coven::Instant now) {
    welcomed_ = true;
    login_deadline_ = coven::Instant::max();
    next_ping_ = now + settings_.ping_every;
    // The server trusts a token more than the nick that came with it.
    if (!line.parameter(0).empty()) settings_.nick = lower_case(line.parameter(0));
}

Heard Dialogue::hear_notice(const IrcLine& line, coven::Instant now) {
    const auto text = last_parameter(line);
    const bool about_login = line.parameter(0) == "*" && (!welcomed_ || refuses_login(text));
    if (about_login) {
        login_refused_ = true;
        failure_ = "login refused: " + said(text);
    }
    const auto* refusal = refusal_of(line);
    const std::string channel = lower_case(channel_of(line));
    const auto* room = roster_.find(channel);
    if (refusal == nullptr || room == nullptr) return {};
    const bool was_joined = room->state == Roster::State::joined;
    if (was_joined && !refusal->at_any_time) return {};
    if (!roster_.refuse(channel, refusal->reason, now)) return {};
    return {was_joined ? Kind::left : Kind::refused, channel, refusal->reason};
}

bool Dialogue::is_own(const IrcLine& line) const {
    return lower_case(line.nick()) == settings_.nick;
}

Heard Dialogue::hear_join(const IrcLine& line) {
    if (!is_own(line) || !roster_.join(channel_of(line))) return {};
    return {Kind::joined, std::string(channel_of(line)), {}};
}

Heard Dialogue::hear_part(const IrcLine& line, coven::Instant now) {
    if (!is_own(line)) return {};
    const auto channel = channel_of(line);
    const auto* room = roster_.find(channel);
    if (room == nullptr || room->state != Roster::State::joined) return {};
    roster_.refuse(channel, expelled, now);
    return {Kind::left, std::string(channel), expelled};
}

Heard Dialogue::hear_room_state(const IrcLine& line) {
    const auto id = line.tags().find("room-id");
    if (id.empty() || roster_.find(channel_of(line)) == nullptr) return {};
    return {Kind::identified, std::string(channel_of(line)), said(id)};
}

void Dialogue::drop(const std::string& channel) {
    if (roster_.drop(channel)) send("PART #" + channel);
}

void Dialogue::advance(coven::Instant now) {
    if (failure_) return;
    if (!welcomed_) {
        if (login_deadline_ <= now) failure_ = "no welcome after the login";
        return;
    }
    // Who is about to leave enters no more rooms.
    if (!draining_) {
        for (const auto& line : join_lines(roster_.advance(now))) send(line);
    }
    keep_alive(now);
}

void Dialogue::keep_alive(coven::Instant now) {
    if (pong_deadline_ <= now) failure_ = "no PONG in time";
    if (failure_ || next_ping_ > now) return;
    ask(question, now);
}

void Dialogue::ask(std::string_view text, coven::Instant now) {
    send("PING :" + std::string(text));
    // An answer that is still awaited is not forgiven by asking again.
    pong_deadline_ = std::min(pong_deadline_, now + settings_.pong_limit);
    next_ping_ = now + settings_.ping_every;
}

coven::Instant Dialogue::deadline(coven::Instant now) const {
    if (!welcomed_) return login_deadline_;
    const auto joins = draining_ ? coven::Instant::max() : roster_.deadline(now);
    return std::min({joins, next_ping_, pong_deadline_});
}

std::string Dialogue::take_output() { return std::exchange(output_, {}); }

void Dialogue::send(std::string_view line) {
    if (output_.size() > most_output_bytes) {
        failure_ = "the server asks faster than it reads our answers";
        return;
    }
    output_.append(line).append("\r\n");
}

}  // namespace chat
