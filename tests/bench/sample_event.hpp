#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Frames, `topic NUL Event`, like those that coven-chat publishes, made once and then numbered
/// over and over. Every system under test carries the same bytes.
class SampleEvents {
  public:
    /// `event_bytes` is the size of an encoded Event; the topic (30 bytes) and its NUL come on top.
    /// The events are spread over so many `topics`.
    SampleEvents(std::size_t event_bytes, std::size_t topics);

    /// The frame of the event `seq`, made at `sent_ns`. Valid until the next call.
    std::string_view frame(std::uint64_t seq, std::uint64_t sent_ns);

  private:
    std::vector<std::string> frames_;
};

/// Who the events are from; probes are from nobody.
inline constexpr std::uint64_t producer = 0x5eed'0000'0000'0001;
/// Numbered 0: asks readers whether they hear.
inline constexpr std::uint64_t probe = 0;
/// What every topic begins with.
inline constexpr std::string_view topic_prefix = "twitch.chat.";

/// What a reader finds in an event.
struct Mark {
    std::uint64_t seq = 0;
    std::uint64_t sent_ns = 0;
};
/// `event` is the end of a frame.
Mark read_mark(std::string_view event);

}  // namespace bench
