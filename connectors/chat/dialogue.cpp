#include "dialogue.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "coven/lower_case.hpp"

namespace chat {

namespace {

using Kind = Heard::Kind;

/// RFC 2812, 2.3: a line has at most 512 bytes with its end.
constexpr std::size_t longest_join_line = 510;

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

/// What our last PING says, and its answer repeats.
constexpr std::string_view last_question = "coven-last";

constexpr const char* expelled = "expelled: banned, or the channel is gone";

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
    : session_(std::move(settings), now), roster_(std::move(roster)) {}

Heard Dialogue::hear(const IrcLine& line, coven::Instant now) {
    const auto command = line.command();
    if (command == "PRIVMSG") return {Kind::message, {}, {}};
    session_.hear(line, now);
    if (command == "PONG") hear_pong(line);
    if (command == "NOTICE") return hear_notice(line, now);
    if (command == "JOIN") return hear_join(line);
    if (command == "PART") return hear_part(line, now);
    if (command == "ROOMSTATE") return hear_room_state(line);
    if (command == "RECONNECT") return {Kind::reconnect, {}, {}};
    return {};
}

void Dialogue::hear_pong(const IrcLine& line) {
    drained_ = drained_ || (draining_ && last_parameter(line) == last_question);
}

void Dialogue::drain(coven::Instant now) {
    if (draining_) return;
    draining_ = true;
    roster_.leave_queue();
    session_.ask(last_question, now);
}

Heard Dialogue::hear_notice(const IrcLine& line, coven::Instant now) {
    const auto* refusal = refusal_of(line);
    const auto channel = channel_of(line);
    const auto* room = roster_.find(channel);
    if (refusal == nullptr || room == nullptr) return {};
    const bool was_joined = room->state == Roster::State::joined;
    if (was_joined && !refusal->at_any_time) return {};
    if (!roster_.refuse(channel, refusal->reason, now)) return {};
    return {was_joined ? Kind::left : Kind::refused, channel, refusal->reason};
}

bool Dialogue::is_own(const IrcLine& line) const {
    return coven::lower_case(line.nick()) == nick();
}

Heard Dialogue::hear_join(const IrcLine& line) {
    auto channel = channel_of(line);
    if (!is_own(line) || !roster_.join(channel)) return {};
    return {Kind::joined, std::move(channel), {}};
}

Heard Dialogue::hear_part(const IrcLine& line, coven::Instant now) {
    if (!is_own(line)) return {};
    auto channel = channel_of(line);
    const auto* room = roster_.find(channel);
    if (room == nullptr || room->state != Roster::State::joined) return {};
    roster_.refuse(channel, expelled, now);
    return {Kind::left, std::move(channel), expelled};
}

Heard Dialogue::hear_room_state(const IrcLine& line) {
    const auto id = line.tags().find("room-id");
    auto channel = channel_of(line);
    if (id.empty() || roster_.find(channel) == nullptr) return {};
    return {Kind::identified, std::move(channel), said(id)};
}

void Dialogue::drop(const std::string& channel) {
    if (roster_.drop(channel)) session_.send("PART #" + channel);
}

void Dialogue::advance(coven::Instant now) {
    // Who is about to leave enters no more rooms.
    if (session_.is_open() && !draining_) {
        for (const auto& line : join_lines(roster_.advance(now))) session_.send(line);
    }
    session_.advance(now);
}

coven::Instant Dialogue::deadline(coven::Instant now) const {
    const bool joins = welcomed() && !draining_;
    const auto next_join = joins ? roster_.deadline(now) : coven::Instant::max();
    return std::min(next_join, session_.deadline());
}

}  // namespace chat
