#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven record`. The exit status.
int record(const Invocation& invocation);

}  // namespace coven::cli
