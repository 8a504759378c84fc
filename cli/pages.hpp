#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven status`, `coven connectors` and `coven channels`: what the broker answers, as a page for
/// people or as JSON. Each gives the exit status.
int status(const Invocation& invocation);
int connectors(const Invocation& invocation);
int channels(const Invocation& invocation);

}  // namespace coven::cli
