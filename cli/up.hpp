#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven up`. The exit status.
int up(const Invocation& invocation);

}  // namespace coven::cli
