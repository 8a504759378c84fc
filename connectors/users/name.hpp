#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "coven/result.hpp"

namespace users {

/// What somebody is asked for by.
struct Name {
    enum class Kind { id, login };
    Kind kind = Kind::id;
    std::string text;

    auto operator<=>(const Name&) const = default;
};

/// Twitch's ids are decimal numbers of at most 20 digits
/// (https://dev.twitch.tv/docs/api/reference/#get-users, read 2026-11-22).
coven::Result<Name> parse_id(std::string_view text);
/// In lower case, whatever `text` is in: 1 to 25 of a-z, 0-9 and '_'.
coven::Result<Name> parse_login(std::string_view text);

}  // namespace users
