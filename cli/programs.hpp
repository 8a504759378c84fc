#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/result.hpp"

namespace coven::cli {

/// How the names of all programs of ours begin; the rest is the kind.
inline constexpr std::string_view program_prefix = "coven-";

/// The path of `coven-<kind>` in `folder`; nothing if there is no such program.
std::optional<std::string> find_program(const std::string& folder, const std::string& kind);

/// The kinds of all `coven-<kind>` in `folder`, in order; none where there is no such folder.
std::vector<std::string> kinds_in(const std::string& folder);

/// What a daemon of ours has against its own command line and configuration by its --check, in its
/// own words; none = it would start. `environment` is added to ours. Fails where it cannot be
/// started, and where it ends otherwise than with a judgement.
Result<std::vector<std::string>> faults_of(
    std::vector<std::string> command, const std::map<std::string, std::string>& environment = {});

/// Where a command is that somebody wrote as for a shell: as it stands if it has a slash, else in
/// the first folder of `search` (as in $PATH) that has it.
std::optional<std::string> locate(const std::string& command, const std::string& search);

}  // namespace coven::cli
