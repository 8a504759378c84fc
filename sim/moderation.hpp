#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "chat.hpp"

namespace coven::sim {

// What moderators do, and what chat shows of it. Each returns how many connections saw it. Channels
// and logins are without '#'.

/// Nothing = for ever: who is there is thrown out, with an own PART and not a word.
std::size_t ban(Chat& chat, std::string_view channel, std::string_view login,
                std::optional<Duration> time);
/// False when there was no ban. Chat shows nothing of it.
bool unban(Chat& chat, std::string_view channel, std::string_view login);
std::size_t clear(Chat& chat, std::string_view channel);
std::size_t delete_message(Chat& chat, RecentMessage& message);

/// Tells what has changed: a ROOMSTATE with that alone, and a notice.
std::size_t set_mode(Chat& chat, std::string_view channel, std::string_view mode,
                     std::string_view value);
/// What `set_mode` does not understand of a mode or its value; nothing = all is well.
const char* mode_fault(std::string_view mode, std::string_view value);

/// `first` and `second` share their chats, with those that either shares its chat with already.
void share(Chat& chat, std::string_view first, std::string_view second);
/// False when `channel` shared its chat with nobody.
bool unshare(Chat& chat, std::string_view channel);

}  // namespace coven::sim
