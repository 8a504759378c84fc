#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven doctor`: looks at everything that has to be right. 0 = it is, 1 = something wants
/// attention, 2 = something is broken.
int doctor(const Invocation& invocation);

}  // namespace coven::cli
