#include "human_line.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "json_line.hpp"
#include "loss_text.hpp"
#include "safe_text.hpp"
#include "time_text.hpp"
#include "twitch/v1/chat.pb.h"

namespace coven::cli {

namespace {

/// More say nothing to a reader; Twitch shows three.
constexpr int most_badges = 6;

std::string when(const Event& event, const Paint& paint) {
    const auto& message = event.message();
    return paint.dim(
        local_text(message.occurred_us() != 0 ? message.occurred_us() : message.received_us()));
}

std::string where(const Event& event, const Paint& paint) {
    return paint.channel("#" + safe_text(event.message().channel_login()));
}

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

std::string chat_line(const Event& event, const twitch::v1::ChatMessage& line, const Paint& paint) {
    const Rgb colour = parse_colour(line.color()).value_or(colour_of_login(line.user_login()));
    return fmt::format("{} {} {}{}{}{} {}", when(event, paint), where(event, paint),
                       badges_of(line, paint), line.action() ? "* " : "",
                       paint.name(name_of(line), colour), line.action() ? "" : ":",
                       text_of(line, paint));
}

std::string gap_line(const Event& event, const v1::SourceGap& gap, const Paint& paint) {
    const auto length = gap.to_us() > gap.from_us() ? gap.to_us() - gap.from_us() : 0;
    std::string text =
        fmt::format("Twitch was out of reach {}–{} ({}): {}", local_text(gap.from_us()),
                    local_text(gap.to_us()),
                    span_text(std::chrono::milliseconds(static_cast<std::int64_t>(length / 1000))),
                    safe_text(gap.reason()));
    if (gap.events() > 0) text += fmt::format("; {} events are missing", gap.events());
    if (gap.recoverable()) text += "; what Twitch still knows will follow";
    return fmt::format("{} {} {}", when(event, paint), paint.channel(safe_text(event.topic())),
                       paint.alarm(text));
}

std::string other_line(const Event& event, const Paint& paint) {
    return fmt::format("{} {} {}", when(event, paint), paint.channel(safe_text(event.topic())),
                       safe_text(payload_json(event)));
}

}  // namespace

std::string human_line(const Event& event, const Paint& paint) {
    if (event.lost()) return paint.alarm(loss_text(*event.lost()));
    if (event.truncated()) return paint.alarm(truncation_text(*event.truncated()));
    if (const auto line = event.payload_as<twitch::v1::ChatMessage>()) {
        return chat_line(event, *line, paint);
    }
    if (const auto gap = event.payload_as<v1::SourceGap>()) return gap_line(event, *gap, paint);
    return other_line(event, paint);
}

}  // namespace coven::cli
