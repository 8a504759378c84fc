#include "helix_chat.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>

#include "emotes.hpp"
#include "helix_actor.hpp"
#include "sending.hpp"
#include "user_notice.hpp"

namespace json = boost::json;

namespace coven::sim {
namespace {

constexpr std::size_t most_code_points = 500;
constexpr auto between_announcements = std::chrono::seconds(2);
constexpr auto between_shoutouts = std::chrono::minutes(2);
constexpr auto between_same_shoutouts = std::chrono::minutes(60);

/// Helix has words of its own for some of chat's; for the others its word is not documented, and
/// chat's stands. https://github.com/twitchdev/issues/issues/962 (read 2026-11-23)
std::string drop_code(std::string_view code) {
    if (code.starts_with("msg_followersonly")) return "followers_only_mode";
    if (code == "msg_timedout") return "user_timed_out";
    if (code == "msg_rejected_mandatory") return "channel_settings";
    return std::string(code);
}

WebAnswer sent_answer(const Sent& sent) {
    const bool is_sent = sent.kind == Sent::Kind::done;
    json::object row{{"message_id", sent.id}, {"is_sent", is_sent}};
    if (!is_sent) {
        // A silenced account is told here what chat does not tell it.
        const auto why =
            sent.kind == Sent::Kind::refused ? sent.refusal : refusal("msg_ratelimit", {}, 0);
        row["drop_reason"] = json::object{{"code", drop_code(why.code)}, {"message", why.text}};
    }
    return helix_data(json::array{std::move(row)});
}

/// Why there is nobody to say it, nowhere or nothing; nothing = all is there.
std::optional<WebAnswer> body_fault(const EndpointCall& call, const json::object& body) {
    for (const char* name : {"broadcaster_id", "sender_id", "message"}) {
        if (!text_in(body, name).empty()) continue;
        return helix_refusal(400, "Missing required parameter \"" + std::string(name) + "\"");
    }
    if (body.contains("for_source_only")) {
        return helix_refusal(400, "for_source_only can only be used with an app access token.");
    }
    if (text_in(body, "sender_id") != call.token.user_id) {
        return helix_refusal(401,
                             "The ID in sender_id must match the user ID found in the request's "
                             "OAuth token.");
    }
    if (call.users.with_id(text_in(body, "broadcaster_id")) == nullptr) {
        return helix_refusal(400, "The ID in broadcaster_id does not match a user.");
    }
    if (count_code_points(text_in(body, "message")) > most_code_points) {
        return helix_refusal(422, "The message is too large.");
    }
    return std::nullopt;
}

std::string upper_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

/// At most `most_code_points`: Twitch cuts announcements.
std::string cut(std::string text) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts_one = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (starts_one && ++seen > most_code_points) text.resize(i);
    }
    std::ranges::replace_if(
        text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    return text;
}

bool is_too_soon(const std::optional<Instant>& last, Duration pause, Instant now) {
    return last && now < *last + pause;
}

}  // namespace

WebAnswer send_chat_message(const EndpointCall& call) {
    if (auto fault = scope_fault(call, "user:write:chat")) return *fault;
    const auto body = body_of(call);
    if (auto fault = body_fault(call, body)) return *fault;
    const auto channel = call.users.with_id(text_in(body, "broadcaster_id"))->login;
    Draft draft;
    draft.login = call.users.with_id(call.token.user_id)->login;
    draft.channel = channel;
    draft.text = text_in(body, "message");
    draft.transport = Deed::Transport::helix;
    draft.reply_to = text_in(body, "reply_parent_message_id");
    const bool is_reply = !draft.reply_to.empty();
    if (is_reply && call.chat->recent.find(channel, draft.reply_to) == nullptr) {
        return helix_refusal(400, "Message cannot be replied to.");
    }
    const auto sent = send(*call.chat, draft);
    if (sent.refusal.code == "no_channel") {
        return helix_refusal(400, "The ID in broadcaster_id does not match a user.");
    }
    const bool is_barred =
        sent.refusal.code == "msg_banned" || sent.refusal.code == "msg_channel_suspended";
    if (!is_barred) return sent_answer(sent);
    return helix_refusal(
        403, "The sender is not permitted to send chat messages to the broadcaster's chat room.");
}

WebAnswer send_announcement(const EndpointCall& call) {
    const auto actor = moderator_of(call, "moderator:manage:announcements");
    if (actor.refusal) return *actor.refusal;
    const auto body = body_of(call);
    const auto text = cut(text_in(body, "message"));
    if (text.empty()) return helix_refusal(400, "Missing required parameter \"message\"");
    auto color = text_in(body, "color");
    if (color.empty()) color = "primary";
    constexpr std::array colors = {"blue", "green", "orange", "purple", "primary"};
    if (std::ranges::find(colors, color) == colors.end()) {
        return helix_refusal(400, "The color is not valid.");
    }
    auto& rules = call.chat->book.of(actor.channel);
    const auto now = call.chat->clock.instant();
    if (is_too_soon(rules.last_announcement, between_announcements, now)) {
        return helix_refusal(429, "Too Many Requests");
    }
    rules.last_announcement = now;
    UserNotice notice;
    notice.channel = actor.channel;
    notice.login = actor.login;
    notice.kind = "announcement";
    notice.params.emplace_back("color", upper_case(color));
    notice.text = text;
    tell(*call.chat, std::move(notice));
    note_deed(call, actor, "announcement", text);
    return helix_done();
}

WebAnswer send_shoutout(const EndpointCall& call) {
    const auto actor = moderator_of(call, "moderator:manage:shoutouts", "from_broadcaster_id");
    if (actor.refusal) return *actor.refusal;
    const auto* const target =
        call.users.with_id(value_of(call.request.query, "to_broadcaster_id"));
    if (target == nullptr) {
        return helix_refusal(400, "The ID in to_broadcaster_id does not match a user.");
    }
    if (target->login == actor.channel) {
        return helix_refusal(400, "The broadcaster may not give themselves a Shoutout.");
    }
    auto& rules = call.chat->book.of(actor.channel);
    const auto now = call.chat->clock.instant();
    const auto same = rules.shoutouts.find(target->login);
    const bool is_same_too_soon =
        same != rules.shoutouts.end() && now < same->second + between_same_shoutouts;
    if (is_same_too_soon || is_too_soon(rules.last_shoutout, between_shoutouts, now)) {
        return helix_refusal(429, "Too Many Requests");
    }
    rules.last_shoutout = now;
    rules.shoutouts.insert_or_assign(target->login, now);
    note_deed(call, actor, "shoutout", target->login);
    return helix_done();
}

}  // namespace coven::sim
