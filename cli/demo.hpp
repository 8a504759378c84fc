#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven demo`. The exit status.
int demo(const Invocation& invocation);

}  // namespace coven::cli
