#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven request`: sends one request and prints the reply. The exit status.
int request(const Invocation& invocation);

}  // namespace coven::cli
