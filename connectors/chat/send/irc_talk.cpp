#include "send/irc_talk.hpp"

#include <algorithm>
#include <utility>

#include "coven/utf8.hpp"
#include "send/notices.hpp"
#include "send/roles.hpp"

namespace chat {

namespace {

using Kind = Attempt::Kind;

/// After a refusal for too many lines.
constexpr auto limit_pause = std::chrono::seconds(30);

Attempt refusal(std::string_view msg_id, const std::string& text, NoticeMeaning meaning) {
    Attempt attempt;
    attempt.kind = Kind::refused;
    attempt.code = coven::to_utf8(msg_id);
    attempt.message = "Twitch refused it: " + text;
    if (meaning == NoticeMeaning::limit) attempt.pause = limit_pause;
    return attempt;
}

Attempt lost_attempt(Kind kind, const std::string& reason) {
    Attempt attempt;
    attempt.kind = kind;
    attempt.code = kind == Kind::unknown ? "connection_lost" : "not_connected";
    attempt.message = kind == Kind::unknown
                          ? "the connection ended before Twitch answered: " + reason +
                                "; nobody knows whether the line is in chat"
                          : reason;
    return attempt;
}

}  // namespace

IrcTalk::IrcTalk(IrcSession::Settings session, coven::Duration answer_limit, std::string nonce,
                 coven::Instant now)
    : session_(std::move(session), now), answer_limit_(answer_limit), nonce_(std::move(nonce)) {}

void IrcTalk::hear(const IrcLine& line, coven::Instant now) {
    session_.hear(line, now);
    const auto command = line.command();
    if (command == "NOTICE") hear_notice(line);
    if (command == "USERSTATE") hear_user_state(line);
    // The server will close: what is under way may still be answered.
    if (command == "RECONNECT") ending_ = "Twitch asked to reconnect";
}

void IrcTalk::hear_notice(const IrcLine& line) {
    const auto found = under_way_.find(channel_of(line));
    if (found == under_way_.end() || !found->second.written) return;
    const auto msg_id = line.tags().find("msg-id");
    const auto meaning = meaning_of_notice(msg_id);
    const auto text = said(last_parameter(line));
    if (meaning == NoticeMeaning::unknown) found->second.heard = text;
    const bool refuses = meaning == NoticeMeaning::refusal || meaning == NoticeMeaning::limit;
    if (refuses) settle(found, refusal(msg_id, text, meaning));
}

void IrcTalk::hear_user_state(const IrcLine& line) {
    const auto channel = channel_of(line);
    learned_.push_back({channel, standing_in(line)});
    const auto found = under_way_.find(channel);
    if (found == under_way_.end() || !found->second.written) return;
    const auto nonce = line.tags().find("client-nonce");
    const auto id = line.tags().find("id");
    // Without a nonce it is ours all the same: we have joined no channel, so nothing else brings
    // one with an id.
    const bool is_ours = nonce.empty() ? !id.empty() : nonce == found->second.nonce;
    if (!is_ours) return;
    Attempt attempt;
    attempt.kind = Kind::sent;
    attempt.message_id = coven::to_utf8(id);
    settle(found, std::move(attempt));
}

void IrcTalk::settle(Lines::iterator line, Attempt attempt) {
    outcomes_.emplace(line->second.number, std::move(attempt));
    under_way_.erase(line);
}

void IrcTalk::say(Number number, const Speech& speech) {
    const auto nonce = nonce_ + std::to_string(number);
    std::string line = "@client-nonce=" + nonce;
    if (!speech.reply_to.empty()) line += ";reply-parent-msg-id=" + speech.reply_to;
    line += " PRIVMSG #" + speech.channel + " :";
    const bool is_action = speech.form == Speech::Form::action;
    line += is_action ? "\x01"
                        "ACTION " +
                            speech.text + "\x01"
                      : speech.text;
    session_.send(line);
    UnderWay under_way;
    under_way.number = number;
    under_way.nonce = nonce;
    under_way_.insert_or_assign(speech.channel, std::move(under_way));
}

std::string IrcTalk::take_output(coven::Instant now) {
    for (auto& [channel, line] : under_way_) {
        if (line.written) continue;
        line.written = true;
        line.deadline = now + answer_limit_;
    }
    return session_.take_output();
}

IrcTalk::Outcomes IrcTalk::take_outcomes() { return std::exchange(outcomes_, {}); }

std::vector<IrcTalk::Learned> IrcTalk::take_learned() { return std::exchange(learned_, {}); }

void IrcTalk::lose(const std::string& reason) {
    ending_ = reason;
    while (!under_way_.empty()) {
        const auto line = under_way_.begin();
        settle(line,
               lost_attempt(line->second.written ? Kind::unknown : Kind::not_written, reason));
    }
}

void IrcTalk::give_up(coven::Instant now) {
    for (auto line = under_way_.begin(); line != under_way_.end();) {
        const auto next = std::next(line);
        if (line->second.deadline <= now) {
            Attempt attempt;
            attempt.kind = Kind::unknown;
            attempt.code = "no_confirmation";
            attempt.message = "Twitch neither confirmed nor refused it in time";
            attempt.message += line->second.heard.empty()
                                   ? ", as it does with accounts that wrote too much"
                                   : "; it said: " + line->second.heard;
            ending_ = "Twitch did not answer to a line";
            settle(line, std::move(attempt));
        }
        line = next;
    }
}

void IrcTalk::advance(coven::Instant now) {
    if (session_.is_open()) give_up(now);
    session_.advance(now);
}

coven::Instant IrcTalk::deadline() const {
    auto first = session_.deadline();
    for (const auto& [channel, line] : under_way_) first = std::min(first, line.deadline);
    return first;
}

}  // namespace chat
