#pragma once

#include <string>

#include "colour.hpp"
#include "coven/event.hpp"

namespace coven::cli {

/// An event as one line for people, without its end: chat as a chat window shows it, the rest as
/// time, topic and payload. Nothing in the event can leave its place (see safe_text).
std::string human_line(const Event& event, const Paint& paint);

}  // namespace coven::cli
