#pragma once

#include <string>
#include <string_view>

#include "irc_line.hpp"
#include "twitch/v1/chat.pb.h"

namespace chat {

/// Whether a whole line was found to be UTF-8; then its pieces need no look of their own.
enum class Utf8 { unchecked, valid };

/// `valid` if all of `text` is.
Utf8 check_utf8(std::string_view text);
/// Replaces `to` by `from`, with bytes that are no UTF-8 as U+FFFD.
void assign_text(std::string& to, std::string_view from, Utf8 checked);

/// A message while its tags are read.
struct TagSheet {
    twitch::v1::ChatMessage& message;
    std::string& scratch;
    Utf8 checked = Utf8::unchecked;
    /// They can only be read when the text is known.
    IrcTag emotes = {};
    IrcTag gifs = {};

    void assign(std::string& to, std::string_view from) { assign_text(to, from, checked); }
    void assign(std::string& to, const IrcTag& from) { assign(to, unescape(from, scratch)); }
};

/// Puts one tag of a PRIVMSG where it belongs; what is unknown goes to `other_tags`.
void take_tag(const IrcTag& tag, TagSheet& sheet);

}  // namespace chat
