#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "coven/clock.hpp"
#include "coven/result.hpp"

namespace coven::sim {

/// A file that says which lines were given to which connection, one JSON object a line:
/// {"connection":3,"login":"justinfan1","time_us":1767225600000000,"line":"PING :tmi.twitch.tv"}
/// Bytes of the line that are no UTF-8 stand there as they were sent. The log of what was said has
/// connection 0: to whomever it may concern.
class SentLog {
  public:
    /// Replaces the file.
    static Result<SentLog> open(const std::string& path);

    struct Entry {
        std::uint64_t connection;
        std::string_view login;
        Time time;
        std::string_view line;
    };
    void write(const Entry& entry);
    /// What was written so far is in the file then; a server does so every second.
    void flush() { file_.flush(); }

  private:
    explicit SentLog(std::ofstream file) : file_(std::move(file)) {}

    std::ofstream file_;
    std::string text_;
};

}  // namespace coven::sim
