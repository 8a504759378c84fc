#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "clean_text.hpp"
#include "coven/result.hpp"
#include "irc_line.hpp"
#include "tag_sheet.hpp"
#include "text_spans.hpp"
#include "twitch/v1/chat.pb.h"
#include "wire_writer.hpp"

namespace chat {

/// Makes an encoded twitch.v1.ChatMessage of a PRIVMSG line. Bytes that are no UTF-8 become U+FFFD.
/// One object serves all lines, so that it allocates next to nothing.
class ChatMessageWriter {
  public:
    /// What an event says of its message, too. Valid until the next line.
    struct Facts {
        std::string id;
        std::string channel_id;
        std::string channel_login;
        std::uint64_t sent_us = 0;
        /// The message itself.
        std::string_view encoded;
    };

    /// Fails when the line is no PRIVMSG with a channel and a text.
    coven::Result<const Facts*> write(const IrcLine& line);
    /// The same of another line that names a channel and may have a text: a USERNOTICE.
    const Facts& write_said(const IrcLine& line);

  private:
    void read_facts(const IrcLine& line);
    void write_sender(const IrcLine& line);
    void write_text(const IrcLine& line);
    void write_rest();
    void write_spans();
    void write_reply();
    void write_shared_chat();
    void write_unknown();
    void write_badges(WireWriter& to, int number, Tag tag);
    void text(int number, Tag tag) { out_.text(number, clean_(tags_[tag])); }
    void flag(int number, Tag tag) { out_.varint(number, tags_.is_one(tag) ? 1 : 0); }

    TagSheet tags_;
    CleanText clean_;
    Facts facts_;
    WireWriter out_;
    /// A message within the message, and one within that.
    WireWriter part_;
    WireWriter badge_;
    std::string login_;
    std::string text_;
    TextSpans spans_;
    /// Only its emotes and GIFs.
    twitch::v1::ChatMessage found_spans_;
};

}  // namespace chat
