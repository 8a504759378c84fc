#pragma once

#include <string>
#include <string_view>

#include "coven/result.hpp"
#include "irc_line.hpp"
#include "tag_rules.hpp"
#include "text_spans.hpp"
#include "twitch/v1/chat.pb.h"

namespace chat {

/// Reads PRIVMSG lines. Bytes that are no UTF-8 become U+FFFD. One object and one message serve
/// all lines, so that it allocates next to nothing.
class ChatMessageReader {
  public:
    /// Replaces what is in `message`. Fails when the line is no PRIVMSG with a channel and a text.
    coven::Result<void> read(const IrcLine& line, twitch::v1::ChatMessage& message);

  private:
    void read_spans(TagSheet& sheet);

    std::string scratch_;
    std::string tag_text_;
    TextSpans spans_;
};

}  // namespace chat
