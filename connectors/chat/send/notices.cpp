#include "send/notices.hpp"

#include <algorithm>
#include <array>

namespace chat {

namespace {

/// Refusals that do not begin with "msg_"
/// (https://dev.twitch.tv/docs/chat/irc/#notice-message-ids, read 2026-11-22).
constexpr std::array<std::string_view, 5> other_refusals = {
    "tos_ban", "unrecognized_cmd", "no_permission", "whisper_restricted", "invalid_user"};
constexpr std::array<std::string_view, 2> limits = {"msg_ratelimit", "rate_limit_exceeded"};
/// Changes of the room and outcomes of other commands.
constexpr std::array<std::string_view, 12> others = {
    "emote_only_on", "emote_only_off", "followers_on", "followers_on_zero",
    "followers_off", "slow_on",        "slow_off",     "subs_on",
    "subs_off",      "r9k_on",         "r9k_off",      "delete_message_success"};

template <class Words>
bool is_one_of(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

NoticeMeaning meaning_of_notice(std::string_view msg_id) {
    if (is_one_of(limits, msg_id)) return NoticeMeaning::limit;
    // Twitch names whatever keeps a line out of chat like this, and adds new ones unannounced.
    if (msg_id.starts_with("msg_")) return NoticeMeaning::refusal;
    if (is_one_of(other_refusals, msg_id)) return NoticeMeaning::refusal;
    return is_one_of(others, msg_id) ? NoticeMeaning::nothing : NoticeMeaning::unknown;
}

bool says_limit(std::string_view drop_code) { return is_one_of(limits, drop_code); }

}  // namespace chat
