#pragma once

#include "command_line.hpp"

namespace coven::cli {

/// `coven completion SHELL`: the shell's function, which asks `coven complete`.
int completion(const Invocation& invocation);
/// `coven complete WORD…`: a line for each word that may stand there, with a tab and what it is
/// for, and last ":files" where files may stand there, too.
int complete(const Invocation& invocation);

}  // namespace coven::cli
