#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chat {

/// Why something is not sent. Nothing is ever cut or stripped instead.
struct TextFault {
    /// One word for programs. Example: "text_too_long".
    std::string code;
    /// For people.
    std::string message;
};

/// Twitch counts code points (https://dev.twitch.tv/docs/api/reference/#send-chat-message, read
/// 2026-11-22).
inline constexpr std::size_t most_code_points = 500;

/// What keeps `text` from being a line of chat, if anything does.
std::optional<TextFault> line_fault(std::string_view text);
/// The same for a text that may be empty and may begin as it likes, as the reason of a ban.
/// `what` names it in the message.
std::optional<TextFault> plain_text_fault(std::string_view text, std::string_view what);
/// What keeps `id` from being the id of a message. `what` names it. Example: "reply_to".
std::optional<TextFault> message_id_fault(std::string_view id, std::string_view what);

}  // namespace chat
