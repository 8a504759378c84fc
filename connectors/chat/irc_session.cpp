#include "irc_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "coven/lower_case.hpp"
#include "coven/utf8.hpp"

namespace chat {

namespace {

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

/// What our PINGs say, and their answers repeat.
constexpr std::string_view question = "coven";

bool refuses_login(std::string_view text) {
    const auto lower = coven::lower_case(text);
    return std::any_of(login_refusals.begin(), login_refusals.end(),
                       [&lower](auto refusal) { return lower.find(refusal) != std::string::npos; });
}

}  // namespace

std::string channel_of(const IrcLine& line) {
    const auto channel = line.parameter(0);
    return channel.starts_with('#') ? coven::lower_case(channel.substr(1)) : std::string();
}

std::string_view last_parameter(const IrcLine& line) {
    return line.parameters().empty() ? std::string_view() : line.parameters().back();
}

std::string said(std::string_view text) {
    constexpr std::size_t enough = 300;
    return coven::to_utf8(text.substr(0, enough));
}

IrcSession::IrcSession(Settings settings, coven::Instant now)
    : settings_(std::move(settings)), login_deadline_(now + settings_.login_limit) {
    const std::string membership = settings_.membership ? " twitch.tv/membership" : "";
    send("CAP REQ :twitch.tv/tags twitch.tv/commands" + membership);
    // Anonymous: any password will do, but it must look like one.
    const bool anonymous = settings_.token.empty();
    send("PASS oauth:" + std::string(anonymous ? "anonymous" : settings_.token.reveal()));
    send("NICK " + settings_.nick);
}

void IrcSession::hear(const IrcLine& line, coven::Instant now) {
    const auto command = line.command();
    if (command == "PING") answer_ping(line);
    if (command == "PONG") pong_deadline_ = coven::Instant::max();
    if (command == "001") hear_welcome(line, now);
    if (command == "NOTICE") hear_notice(line);
    if (command == "CAP" && line.parameter(1) == "NAK") {
        failure_ = "Twitch refuses the capabilities '" + said(last_parameter(line)) + "'";
    }
}

void IrcSession::answer_ping(const IrcLine& line) {
    std::string text(last_parameter(line));
    // A bare CR would end our line early, and IRC forbids NUL (RFC 2812, 2.3.1).
    std::erase(text, '\r');
    std::erase(text, '\0');
    send("PONG :" + text);
}

void IrcSession::hear_welcome(const IrcLine& line, coven::Instant now) {
    welcomed_ = true;
    login_deadline_ = coven::Instant::max();
    next_ping_ = now + settings_.ping_every;
    // The server trusts a token more than the nick that came with it.
    if (!line.parameter(0).empty()) settings_.nick = coven::lower_case(line.parameter(0));
}

void IrcSession::hear_notice(const IrcLine& line) {
    const auto text = last_parameter(line);
    if (line.parameter(0) != "*" || (welcomed_ && !refuses_login(text))) return;
    login_refusal_ = said(text);
    failure_ = "login refused: " + *login_refusal_;
}

void IrcSession::advance(coven::Instant now) {
    if (failure_) return;
    if (login_deadline_ <= now) failure_ = "no welcome after the login";
    if (pong_deadline_ <= now) failure_ = "no PONG in time";
    if (failure_ || next_ping_ > now) return;
    ask(question, now);
}

void IrcSession::ask(std::string_view text, coven::Instant now) {
    send("PING :" + std::string(text));
    // An answer that is still awaited is not forgiven by asking again.
    pong_deadline_ = std::min(pong_deadline_, now + settings_.pong_limit);
    next_ping_ = now + settings_.ping_every;
}

coven::Instant IrcSession::deadline() const {
    return std::min({login_deadline_, next_ping_, pong_deadline_});
}

std::string IrcSession::take_output() { return std::exchange(output_, {}); }

void IrcSession::send(std::string_view line) {
    if (output_.size() > most_output_bytes) {
        failure_ = "the server asks faster than it reads our answers";
        return;
    }
    output_.append(line).append("\r\n");
}

}  // namespace chat
