#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coven/result.hpp"

namespace chat {

/// In topics and gaps, in place of a login: what concerns no channel.
inline constexpr std::string_view no_channel = "-";

/// Twitch's names are 1 to 25 of a-z, 0-9 and '_'. A '#' in front, upper case and spaces around are
/// tolerated: a JOIN in upper case would end in an empty room that nobody else is in
/// (https://github.com/twitchdev/issues/issues/807, read 2026-11-22).
coven::Result<std::string> parse_channel_login(std::string_view text);

/// Each name once, in the order of its first mention. The Error names all that are wrong.
coven::Result<std::vector<std::string>> parse_channel_logins(const std::vector<std::string>& texts);

}  // namespace chat
