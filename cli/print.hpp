#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coven::cli {

// Results of commands. Each says what went wrong and gives the exit status.

/// To stdout. `text` ends its last line. A reader who has seen enough is no failure.
int print_text(std::string_view text);
/// The same for lines without their ends.
int print_lines(const std::vector<std::string>& lines);
/// Into a file; folders that are missing are made.
int write_text(const std::string& path, std::string_view text);

}  // namespace coven::cli
