#pragma once

#include <string>
#include <vector>

namespace coven::cli {

/// What `shell` (bash, zsh or fish) is to be told to finish the words of `programs`, by asking
/// `coven complete`.
std::string completion_script(const std::string& shell, const std::vector<std::string>& programs);

}  // namespace coven::cli
