#pragma once

#include "command_line.hpp"

namespace coven::cli {

// `coven token …`. Each gives the exit status.
int token_list(const Invocation& invocation);
int token_show(const Invocation& invocation);
int token_validate(const Invocation& invocation);
int token_refresh(const Invocation& invocation);
int token_revoke(const Invocation& invocation);

}  // namespace coven::cli
