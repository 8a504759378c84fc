#include "human_line.hpp"

#include <optional>

#include <fmt/format.h>

#include "chat_line.hpp"
#include "chat_news.hpp"
#include "json_line.hpp"
#include "loss_text.hpp"
#include "safe_text.hpp"
#include "time_text.hpp"
#include "twitch/v1/chat.pb.h"

namespace coven::cli {

namespace {

std::string when(const Event& event, const Paint& paint) {
    const auto& message = event.message();
    return paint.dim(
        local_text(message.occurred_us() != 0 ? message.occurred_us() : message.received_us()));
}

std::string where(const Event& event, const Paint& paint) {
    const auto& channel = event.message().channel_login();
    return paint.channel(channel.empty() ? "-" : "#" + safe_text(channel));
}

/// What happened in a channel: when, where, and `text`, which is safe.
std::string in_channel(const Event& event, const std::string& text, const Paint& paint) {
    return fmt::format("{} {} {}", when(event, paint), where(event, paint), text);
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
        return in_channel(event, chat_line(*line, paint), paint);
    }
    if (const auto news = chat_news(event, paint)) return in_channel(event, *news, paint);
    if (const auto gap = event.payload_as<v1::SourceGap>()) return gap_line(event, *gap, paint);
    return other_line(event, paint);
}

}  // namespace coven::cli
