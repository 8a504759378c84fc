#pragma once

#include <string>
#include <vector>

namespace bench {

/// The chat messages of the tree's own recordings, and of those beside the project when they are
/// there, without line ends.
struct ChatLines {
    std::vector<std::string> lines;
    /// Where they come from, for the report.
    std::string origin;
};

ChatLines chat_lines();

}  // namespace bench
