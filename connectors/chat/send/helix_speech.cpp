#include "send/helix_speech.hpp"

#include <cstdio>
#include <utility>

#include "coven/utf8.hpp"
#include "send/notices.hpp"

namespace asio = boost::asio;

namespace chat {

namespace {

using Kind = Attempt::Kind;
using Failure = coven::HelixError::Kind;

constexpr auto limit_pause = std::chrono::seconds(30);
/// Helix has a bucket of its own, which fills steadily.
constexpr auto helix_pause = std::chrono::seconds(1);

Attempt failed(Kind kind, std::string code, const std::string& message) {
    Attempt attempt;
    attempt.kind = kind;
    attempt.code = std::move(code);
    attempt.message = message;
    return attempt;
}

Attempt attempt_of_failure(const coven::HelixError& error) {
    switch (error.kind) {
        case Failure::no_token:
            return failed(Kind::impossible, "account_missing", error.message);
        case Failure::unauthorized:
            return failed(Kind::refused, "unauthorized", error.message);
        case Failure::missing_scope:
            return failed(Kind::refused, "scope_missing", error.message);
        case Failure::refused:
            return failed(Kind::refused, "twitch_" + std::to_string(error.status), error.message);
        case Failure::limited: {
            auto attempt = failed(Kind::not_written, "twitch_429", error.message);
            attempt.pause = helix_pause;
            return attempt;
        }
        case Failure::unreachable:
            return failed(Kind::unknown, "no_answer_of_twitch", error.message);
        case Failure::unavailable:
            return failed(Kind::unknown, "twitch_" + std::to_string(error.status), error.message);
        case Failure::malformed:
            break;
    }
    return failed(Kind::unknown, "answer_malformed", error.message);
}

Attempt dropped(const coven::JsonValue& line) {
    const auto reason = line.member("drop_reason");
    const auto code = reason.text_or("code", "dropped");
    const auto said = reason.text_or("message", "no reason was given");
    auto attempt = failed(Kind::refused, code, "Twitch dropped it: " + said);
    if (says_limit(code)) attempt.pause = limit_pause;
    return attempt;
}

}  // namespace

std::string json_text(const std::string& text) {
    std::string json = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            json.append({'\\', c});
        } else if (byte < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", byte);
            json += escape;
        } else {
            json += c;
        }
    }
    return json + '"';
}

Attempt attempt_of(const coven::HelixResult<coven::JsonValue>& answer) {
    if (answer.has_error()) return attempt_of_failure(answer.error());
    const auto lines = answer->member("data").items();
    const auto is_sent = lines.empty() ? std::nullopt : lines.front().member("is_sent").flag();
    if (!is_sent) {
        return failed(Kind::unknown, "answer_malformed",
                      "Twitch's answer does not say whether the line was sent");
    }
    if (!*is_sent) return dropped(lines.front());
    Attempt attempt;
    attempt.kind = Kind::sent;
    attempt.message_id = lines.front().text_or("message_id");
    return attempt;
}

Attempt attempt_of_write(const coven::HelixResult<coven::JsonValue>& answer) {
    if (answer.has_error()) return attempt_of_failure(answer.error());
    Attempt attempt;
    attempt.kind = Kind::sent;
    return attempt;
}

/// https://dev.twitch.tv/docs/api/reference/#send-chat-message (read 2026-11-22)
asio::awaitable<Attempt> say_by_helix(coven::Helix& helix, Place place, Speech speech) {
    const bool is_action = speech.form == Speech::Form::action;
    coven::HelixCall call;
    call.method = coven::HttpRequest::Method::post;
    call.path = "/chat/messages";
    call.object = "the line to '" + speech.channel + "'";
    call.json = R"({"broadcaster_id":)" + json_text(place.channel_id) + R"(,"sender_id":)" +
                json_text(place.account_id) + R"(,"message":)" +
                json_text(is_action ? "/me " + speech.text : speech.text);
    if (!speech.reply_to.empty()) {
        call.json += R"(,"reply_parent_message_id":)" + json_text(speech.reply_to);
    }
    call.json += "}";
    const auto answer = co_await helix.call(std::move(call));
    co_return attempt_of(answer);
}

}  // namespace chat
