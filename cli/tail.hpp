#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven tail`. The exit status.
int tail(const Invocation& invocation);

}  // namespace coven::cli
