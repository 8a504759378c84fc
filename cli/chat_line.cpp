#include "chat_line.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "safe_text.hpp"

namespace coven::cli {

namespace {

/// More say nothing to a reader; Twitch shows three.
constexpr int most_badges = 6;

/// Exact months; the badge's own version is rounded down.
std::string months_of(const twitch::v1::ChatMessage& line, const std::string& set) {
    for (const auto& info : line.badge_info()) {
        if (info.set() == set) return ":" + info.version();
    }
    return {};
}

std::string short_name(const std::string& set) {
    if (set == "moderator") return "mod";
    if (set == "subscriber") return "sub";
    return set;
}

std::string badges_of(const twitch::v1::ChatMessage& line, const Paint& paint) {
    std::string text;
    for (int i = 0; i < std::min(line.badges_size(), most_badges); ++i) {
        const auto& set = line.badges(i).set();
        text += (text.empty() ? "" : " ") + short_name(set) + months_of(line, set);
    }
    return text.empty() ? text : paint.dim("[" + safe_text(text) + "]") + " ";
}

/// The login too where the name does not show it: a display name may be in another script.
std::string name_of(const twitch::v1::ChatMessage& line) {
    std::string lower = line.display_name();
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (lower.empty() || lower == line.user_login()) {
        return safe_text(lower.empty() ? line.user_login() : line.display_name());
    }
    return safe_text(line.display_name()) + " (" + safe_text(line.user_login()) + ")";
}

std::string text_of(const twitch::v1::ChatMessage& line, const Paint& paint) {
    std::string text;
    if (line.has_reply())
        text += paint.dim("↪ @" + safe_text(line.reply().parent_user_login())) + " ";
    text += safe_text(line.text());
    if (line.bits() > 0) text += paint.channel(fmt::format(" ({} bits)", line.bits()));
    return text;
}

}  // namespace

std::string chat_line(const twitch::v1::ChatMessage& line, const Paint& paint) {
    const Rgb colour = parse_colour(line.color()).value_or(colour_of_login(line.user_login()));
    return fmt::format("{}{}{}{} {}", badges_of(line, paint), line.action() ? "* " : "",
                       paint.name(name_of(line), colour), line.action() ? "" : ":",
                       text_of(line, paint));
}

}  // namespace coven::cli
