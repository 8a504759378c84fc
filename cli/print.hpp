#pragma once

#include <string>
#include <string_view>

namespace coven::cli {

// Results of commands. Each says what went wrong and gives the exit status.

/// To stdout. `text` ends its last line.
int print_text(std::string_view text);
/// Into a file; folders that are missing are made.
int write_text(const std::string& path, std::string_view text);

}  // namespace coven::cli
