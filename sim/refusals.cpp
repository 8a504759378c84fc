#include "refusals.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coven::sim {
namespace {

struct Row {
    std::string_view code;
    /// With # for the channel and % for the seconds.
    std::string_view text;
};
constexpr std::array<Row, 21> rows = {{
    {"msg_bad_characters",
     "Your message was not sent because it contained too many unprocessable characters. If you "
     "believe this is an error, please rephrase and try again."},
    {"msg_banned", "You are permanently banned from talking in #."},
    {"msg_channel_blocked",
     "Your message was not sent because your account is not in good standing in this channel."},
    {"msg_channel_suspended", "This channel does not exist or has been suspended."},
    {"msg_duplicate",
     "Your message was not sent because it is identical to the previous one you sent, less than 30 "
     "seconds ago."},
    {"msg_emoteonly",
     "This room is in emote-only mode. You can find your currently available emoticons using the "
     "smiley in the chat text area."},
    {"msg_followersonly",
     "This room is in % minutes followers-only mode. Follow # to join the community!"},
    {"msg_followersonly_followed",
     "This room is in followers-only mode for another % seconds. Continue following to chat!"},
    {"msg_followersonly_zero",
     "This room is in followers-only mode. Follow # to join the community!"},
    {"msg_r9k",
     "This room is in unique-chat mode and the message you attempted to send is not unique."},
    {"msg_ratelimit", "Your message was not sent because you are sending messages too quickly."},
    {"msg_rejected", "Hey! Your message is being checked by mods and has not been sent."},
    {"msg_rejected_mandatory",
     "Your message wasn't posted due to conflicts with the channel's moderation settings."},
    {"msg_requires_verified_phone_number",
     "A verified phone number is required to chat in this channel. Please visit "
     "https://www.twitch.tv/settings/security to verify your phone number."},
    {"msg_slowmode",
     "This room is in slow mode and you are sending messages too quickly. You will be able to talk "
     "again in % seconds."},
    {"msg_subsonly",
     "This room is in subscribers only mode. To talk, purchase a channel subscription at "
     "https://www.twitch.tv/products/#/ticket?ref=subscriber_only_mode_chat."},
    {"msg_suspended", "You don't have permission to perform that action."},
    {"msg_timedout", "You are timed out for % more seconds."},
    {"msg_verified_email",
     "This room requires a verified account to chat. Please verify your account at "
     "https://www.twitch.tv/settings/security."},
    {"no_permission", "You don't have permission to perform that action."},
    {"tos_ban", "The community has closed channel # due to Terms of Service violations."},
}};

std::string filled_in(std::string_view text, std::string_view channel, std::int64_t seconds) {
    std::string filled;
    for (const char c : text) {
        if (c == '#') {
            filled += channel;
        } else if (c == '%') {
            filled += std::to_string(seconds);
        } else {
            filled += c;
        }
    }
    return filled;
}

}  // namespace

Refusal refusal(std::string_view code, std::string_view channel, std::int64_t seconds) {
    const auto* const row = std::ranges::find(rows, code, &Row::code);
    // Staff says that codes change at any time: one that we do not know is passed on.
    const auto text = row == rows.end() ? "Your message was not sent." : row->text;
    return {.code = std::string(code), .text = filled_in(text, channel, seconds)};
}

void Refusals::refuse(std::string_view whose, std::uint64_t count, std::string code) {
    planned_.insert_or_assign(std::string(whose), Planned{.count = count, .code = std::move(code)});
}

std::optional<std::string> Refusals::take(std::string_view channel, std::string_view login) {
    if (planned_.empty()) return std::nullopt;
    auto code = take("#" + std::string(channel));
    return code ? code : take(std::string(login));
}

std::optional<std::string> Refusals::take(const std::string& whose) {
    const auto place = planned_.find(whose);
    if (place == planned_.end()) return std::nullopt;
    if (place->second.count == 0) {
        planned_.erase(place);
        return std::nullopt;
    }
    --place->second.count;
    return place->second.code;
}

}  // namespace coven::sim
