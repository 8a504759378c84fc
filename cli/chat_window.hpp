#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven chat`: reads and writes one channel. The exit status.
int chat_window(const Invocation& invocation);

}  // namespace coven::cli
