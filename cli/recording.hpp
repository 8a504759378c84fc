#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "coven/result.hpp"

namespace coven::cli {

/// How a recording begins: docs/recordings.md. `recorded_us` is microseconds since the Unix epoch.
std::string recording_start(std::string_view broker, std::uint64_t recorded_us);
/// One event of it; `frame` is topic, NUL and Event.
std::string recorded(std::string_view frame);

/// Reads a recording from its beginning to its end, or to where it is damaged.
class RecordingReader {
  public:
    /// Reads the beginning. `in` must outlive the reader.
    static Result<RecordingReader> open(std::istream& in);

    /// The next frame; nothing at the end. After an error there is no more.
    Result<std::optional<std::string>> next();
    /// Frames that were read.
    std::uint64_t frames() const { return frames_; }

  private:
    explicit RecordingReader(std::istream& in) : in_(&in) {}

    /// Nothing at the end of the file.
    Result<std::optional<std::uint64_t>> length();
    Error damaged(std::string_view how) const;

    std::istream* in_;
    std::uint64_t frames_ = 0;
};

}  // namespace coven::cli
