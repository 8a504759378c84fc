#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "twitch/v1/chat.pb.h"

namespace chat {

/// Turns Twitch's positions, which count code points and include their end, into spans of code
/// points and bytes. Positions outside the text are real on the wire ("25:04", "25:4-0", "9-10" on
/// seven characters: https://github.com/twitchdev/issues/issues/104, read 2026-11-22): an end
/// beyond the text is moved to its end, all else that makes no sense is skipped without a word.
///
/// One object serves all messages, so that it allocates next to nothing.
class TextSpans {
  public:
    /// `text` is valid UTF-8 and is not needed afterwards.
    void set_text(std::string_view text);

    /// The tag `emotes`: "25:0-4,8-12/1902:6-10".
    void read_emotes(std::string_view tag,
                     google::protobuf::RepeatedPtrField<twitch::v1::Emote>& emotes) const;
    /// The tag `gifs`: "0-33|<id>|<url>,…"; commas and bars may stand in the address.
    void read_gifs(std::string_view tag,
                   google::protobuf::RepeatedPtrField<twitch::v1::Gif>& gifs) const;

  private:
    struct Range {
        std::uint32_t first;
        std::uint32_t end;
    };
    std::optional<Range> range(std::string_view text) const;
    std::uint32_t byte(std::uint32_t code_point) const;
    void fill(const Range& range, twitch::v1::Span& span) const;
    void read_ranges(std::string_view list, twitch::v1::Emote& emote) const;

    std::uint32_t code_points_ = 0;
    /// Where each code point starts, and the end; empty for ASCII, where both counts agree.
    std::vector<std::uint32_t> starts_;
};

}  // namespace chat
