#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven play`. The exit status.
int play(const Invocation& invocation);

}  // namespace coven::cli
