#pragma once

#include <optional>
#include <string>
#include <vector>

#include "command_line.hpp"

namespace coven::cli {

// What a wrong command line is answered: one line that says what is wrong and what to do next.

/// `what` is how the command is called, so that its help can be named: "coven tail".
Answer refusal(const std::string& what, const std::string& reason);

/// How people call it. Example: "coven tail".
std::string full_name(const Command& command);

/// The command that the first words name, or null.
const Command* command_named(const std::vector<std::string>& words);

/// Nothing if the words name a command, or ask for help or the version.
std::optional<Answer> unknown_command(const std::vector<std::string>& words);

/// Its own, and those of every command.
std::vector<const Flag*> flags_of(const Command& command);

/// Something stands in front of `below`, where `command` has it.
Answer misplaced(const Command& command, const Command& below);

/// A word that is no flag of the command, and no argument that it has a place for.
Answer left_over(const Command& command, const std::string& word);

}  // namespace coven::cli
