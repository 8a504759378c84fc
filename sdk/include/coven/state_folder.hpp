#pragma once

#include <optional>
#include <string>

namespace coven {

/// Where a program keeps `name` over restarts unless it is told otherwise: $STATE_DIRECTORY/NAME
/// (systemd sets it), else $XDG_STATE_HOME/coven/NAME, else ~/.local/state/coven/NAME. Nothing when
/// the environment has none of these.
std::optional<std::string> state_folder(const std::string& name);

}  // namespace coven
