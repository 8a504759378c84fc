#pragma once

#include <string>
#include <vector>

#include "coven/bus.hpp"
#include "plan.hpp"

namespace coven::cli {

struct Banner {
    /// How this program was called. Example: "build/release/bin/coven".
    std::string program;
    std::string config_file;
    /// Those that clients use.
    Endpoints doors;
    /// What a client finds that is only given `config_file`.
    Endpoints configured;
};

/// What runs, and what to type next.
std::vector<std::string> banner_lines(const Banner& banner, const std::vector<Planned>& planned);

}  // namespace coven::cli
