#pragma once

#include "command_line.hpp"

namespace coven::cli {

// `coven config …`. The exit status of each.

int config_check(const Invocation& invocation);
int config_print(const Invocation& invocation);
int config_schema(const Invocation& invocation);
int config_sample(const Invocation& invocation);

}  // namespace coven::cli
