#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven journal purge`: lets the broker forget what it has stored of a user, and waits for it.
/// The exit status.
int journal_purge(const Invocation& invocation);

}  // namespace coven::cli
