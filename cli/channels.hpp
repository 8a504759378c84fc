#pragma once

#include "command_line.hpp"

namespace coven::cli {

// Each runs one command and gives its exit status.

int channels_add(const Invocation& invocation);
int channels_remove(const Invocation& invocation);
int channels_forget(const Invocation& invocation);

}  // namespace coven::cli
