#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coven/connector.hpp"
#include "coven/result.hpp"

namespace coven::cli {

/// The path of `coven-<kind>` in `folder`; nothing if there is no such program.
std::optional<std::string> find_program(const std::string& folder, const std::string& kind);

/// The kinds of all `coven-<kind>` in `folder`, in order.
std::vector<std::string> kinds_in(const std::string& folder);

/// What the program of that kind says with --describe.
Result<Manifest> describe_program(const std::string& path, const std::string& kind);

/// What a daemon of ours has against its own command line and configuration, in its own words, a
/// fault a line; none = it would start.
std::vector<std::string> faults_of(const std::vector<std::string>& command);

/// Where a command is that somebody wrote as for a shell: as it stands if it has a slash, else in
/// the first folder of `search` (as in $PATH) that has it.
std::optional<std::string> locate(const std::string& command, const std::string& search);

}  // namespace coven::cli
