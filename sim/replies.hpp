#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat_message.hpp"
#include "room.hpp"
#include "room_book.hpp"

namespace coven::sim {

/// The server's lines, without CR LF, in the words of
/// https://dev.twitch.tv/docs/chat/irc/ (read 2026-11-22).

/// 001 to 376.
std::vector<std::string> welcome_lines(std::string_view login);
std::string global_user_state(const Person& person);
/// `more_tags`: "id=…;client-nonce=…" after an own message, else nothing.
std::string user_state(const Person& person, std::string_view room, std::string_view more_tags);
std::string room_state(std::string_view room, const RoomModes& modes);
/// `msg_id` empty = a notice without tags, as those at the login.
std::string notice(std::string_view msg_id, std::string_view target, std::string_view text);
/// 353 (several when there are many) and 366.
std::vector<std::string> name_lines(std::string_view login, std::string_view room,
                                    const std::vector<Member*>& members);

}  // namespace coven::sim
