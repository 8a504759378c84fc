#pragma once

#include <string>
#include <string_view>

#include "irc_line.hpp"
#include "twitch/v1/chat.pb.h"

namespace chat {

/// A message while its tags are read.
struct TagSheet {
    twitch::v1::ChatMessage& message;
    std::string& scratch;
    /// Still escaped; they can only be read when the text is known.
    std::string_view emotes;
    std::string_view gifs;
};

/// Puts one tag of a PRIVMSG where it belongs; what is unknown goes to `other_tags`.
void take_tag(const IrcTag& tag, TagSheet& sheet);

/// Replaces `to` by `from` with bytes that are no UTF-8 as U+FFFD.
void assign_text(std::string& to, std::string_view from);

}  // namespace chat
