#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "coven/daemon_flags.hpp"

namespace coven {

/// What a daemon's command line gave: name of the flag → its value, empty where it takes none.
using DaemonLine = std::map<std::string, std::string, std::less<>>;

/// The line, or what --help and --version print, or what is wrong and what to do next.
std::variant<DaemonLine, std::string, Error> read_daemon_line(
    const Manifest& manifest, const std::vector<std::string>& words);

}  // namespace coven
