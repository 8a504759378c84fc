#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "command_table.hpp"
#include "coven/result.hpp"

namespace coven::cli {

/// What was asked for, checked against the table.
class Invocation {
  public:
    Invocation(const Command& command, std::vector<std::string> arguments,
               std::map<std::string, std::string, std::less<>> values)
        : command_(&command), arguments_(std::move(arguments)), values_(std::move(values)) {}

    const Command& command() const { return *command_; }
    const std::vector<std::string>& arguments() const { return arguments_; }

    bool has(std::string_view flag) const { return values_.contains(flag); }
    /// Given on the command line or by default; empty where neither.
    std::string text(std::string_view flag) const;
    std::optional<std::uint64_t> number(std::string_view flag) const;
    std::optional<std::chrono::milliseconds> duration(std::string_view flag) const;

  private:
    const Command* command_;
    std::vector<std::string> arguments_;
    std::map<std::string, std::string, std::less<>> values_;
};

/// The command line is complete in itself: print this and exit.
struct Answer {
    int status = 0;
    /// For stdout when `status` is 0, else for stderr. Ends its last line.
    std::string text;
};

/// Reads a command line; also answers --help and --version.
std::variant<Invocation, Answer> parse_command_line(int argc, const char* const* argv);

/// "30s", and "0" for no time at all.
Result<std::chrono::milliseconds> parse_time(std::string_view text);

}  // namespace coven::cli
