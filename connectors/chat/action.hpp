#pragma once

#include <algorithm>
#include <string_view>

namespace chat {

inline constexpr std::string_view action_start =
    "\x01"
    "ACTION";

/// Written with /me.
inline bool is_action(std::string_view text) {
    const auto inside = text.substr(std::min(action_start.size(), text.size()));
    return text.starts_with(action_start) &&
           (inside.empty() || inside.front() == ' ' || inside.front() == '\x01');
}

/// Takes the CTCP wrapping of /me off; its closing byte may be missing.
inline std::string_view without_action(std::string_view text) {
    text.remove_prefix(action_start.size());
    if (text.starts_with(' ')) text.remove_prefix(1);
    if (text.ends_with('\x01')) text.remove_suffix(1);
    return text;
}

}  // namespace chat
