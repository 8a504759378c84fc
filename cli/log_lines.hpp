#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coven::cli {

/// Cuts what a program writes into lines.
class LogLines {
  public:
    /// A longer line is handed out in pieces, so that a program cannot fill our memory.
    static constexpr std::size_t longest = 16384;

    /// The lines that `bytes` completes, without their ends. Empty lines are left out.
    std::vector<std::string> add(std::string_view bytes);
    /// What stands after the last line's end.
    std::vector<std::string> end();

  private:
    std::string rest_;
};

}  // namespace coven::cli
