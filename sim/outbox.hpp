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

    explicit Outbox(const Limits& limits) : limits_(limits) {}

    /// `line` without its CR LF.
    [[nodiscard]] Added add_line(std::string_view line);
    /// A frame of its own, as it is: several lines, or a piece of one.
    [[nodiscard]] Added add_frame(std::string_view bytes);
    bool empty() const { return frames_.empty(); }
    std::size_t bytes() const { return bytes_; }
    /// The next frame; asserts that there is one.
    std::string take();

  private:
    struct Frame {
        std::string bytes;
        std::size_t lines = 0;
        bool closed = false;
    };

    Limits limits_;
    std::deque<Frame> frames_;
    std::size_t bytes_ = 0;
};

}  // namespace coven::sim
