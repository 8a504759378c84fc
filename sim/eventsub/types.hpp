#pragma once

#include <span>
#include <string_view>

namespace coven::sim::eventsub {

/// A subscription type in one version, as far as a WebSocket can have it.
struct Type {
    std::string_view name;
    std::string_view version;
    /// Keys of its condition. "a?" may be left out, of "a|b" there is exactly one.
    std::string_view condition;
    /// What the user must have granted: each word, of "a|b" either. Empty = nothing at all.
    std::string_view scopes;
};

/// https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/ (read 2026-11-22)
std::span<const Type> types();
/// nullptr = there is none.
const Type* find_type(std::string_view name, std::string_view version);
/// Whether Twitch has had this and taken it away.
bool was_removed(std::string_view name, std::string_view version);

/// Calls `use` with each word of a list such as Type::scopes.
template <class Use>
void each_word(std::string_view list, char separator, Use use) {
    while (!list.empty()) {
        const auto end = list.find(separator);
        const auto word = list.substr(0, end);
        list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
        if (!word.empty()) use(word);
    }
}

}  // namespace coven::sim::eventsub
