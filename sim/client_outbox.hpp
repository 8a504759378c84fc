#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace coven::sim {

/// What waits to be sent to one client, packed into WebSocket frames of several lines, as Twitch
/// does when a chat is busy.
class Outbox {
  public:
    struct Limits {
        std::size_t lines_per_frame = 20;
        /// A client that leaves more than this unread is cut.
        std::size_t bytes = 8u << 20;
    };
    enum class Added { yes, full };
    struct Frame {
        enum class Kind { text, binary };

        std::string bytes;
        Kind kind = Kind::text;
        std::size_t lines = 0;
        /// Takes no more lines.
        bool closed = false;
    };

    explicit Outbox(const Limits& limits) : limits_(limits) {}

    /// `line` without its CR LF.
    [[nodiscard]] Added add_line(std::string_view line);
    /// A frame of its own, as it is: several lines, or a piece of one.
    [[nodiscard]] Added add_frame(std::string_view bytes, Frame::Kind kind);
    /// From the next line on.
    void set_lines_per_frame(std::size_t lines) { limits_.lines_per_frame = lines; }
    void clear();
    /// The next frame takes no more lines.
    bool has_whole_frame() const;
    bool empty() const { return frames_.empty(); }
    std::size_t bytes() const { return bytes_; }
    /// The next frame; asserts that there is one.
    Frame take();

  private:
    Limits limits_;
    std::deque<Frame> frames_;
    std::size_t bytes_ = 0;
};

}  // namespace coven::sim
