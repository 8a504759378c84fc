#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace coven::sim {

struct Emote {
    std::string_view name;
    std::string_view id;
};

/// Those that this Twitch knows, everybody's to use.
std::span<const Emote> all_emotes();

/// The tag of the emotes in `text`, words with spaces around them: "25:0-4,8-12/1902:14-18".
std::string emotes_in(std::string_view text);
/// Whether it has nothing else.
bool is_emotes_only(std::string_view text);

std::size_t count_code_points(std::string_view text);

}  // namespace coven::sim
