#pragma once

#include <string>

#include "colour.hpp"
#include "twitch/v1/chat.pb.h"

namespace coven::cli {

/// A message as a chat window shows it, without time and channel: badges, name and text. Nothing in
/// it can leave its place (see safe_text).
std::string chat_line(const twitch::v1::ChatMessage& line, const Paint& paint);

}  // namespace coven::cli
