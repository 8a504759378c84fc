#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat {

/// Makes lines of what arrives: a frame may hold several lines, a line may span several frames.
/// Lines end with "\r\n" or a bare '\n'; empty ones are passed over. A line of more than
/// `max_line_bytes` is dropped and counted.
class LineSplitter {
  public:
    explicit LineSplitter(std::size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

    /// `frame` must live until `next` has given nothing; only then may the next one come.
    void feed(std::string_view frame) { frame_ = frame; }
    /// The next whole line without its end, valid until the next call of `next` or `feed`.
    std::optional<std::string_view> next();
    /// Lines that were too long so far.
    std::uint64_t dropped() const { return dropped_; }

  private:
    void keep(std::string_view piece);
    std::string_view whole(std::string_view piece);

    std::size_t max_line_bytes_;
    std::string_view frame_;
    /// The start of a line whose end has not come yet; never more than max_line_bytes + 1.
    std::string started_;
    std::string line_;
    std::uint64_t dropped_ = 0;
};

}  // namespace chat
