#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"
#include "coven/result.hpp"

namespace coven::cli {

/// Drives a running coven-sim by its control port. The exit status.
int sim(const Invocation& invocation);

/// What is said to the simulator for the words and flags of the command line, in the language of
/// its scripts.
Result<std::string> sim_line(const Invocation& invocation);

/// The simulator's answer, one line of JSON, for people. Fails with its own refusal, and when it is
/// no answer of a simulator.
Result<std::vector<std::string>> sim_answer_lines(const std::string& verb,
                                                  const std::string& answer);

}  // namespace coven::cli
