#pragma once

#include <optional>
#include <string>

#include "colour.hpp"
#include "coven/event.hpp"

namespace coven::cli {

/// What happened in a chat besides messages, in one sentence without time and channel: a
/// subscription, a ban, a mode of the room … Nothing in it can leave its place (see safe_text).
/// Nothing when the event is something else.
std::optional<std::string> chat_news(const Event& event, const Paint& paint);

}  // namespace coven::cli
