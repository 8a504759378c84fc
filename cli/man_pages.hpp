#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"
#include "neighbours.hpp"

namespace coven::cli {

struct ManPage {
    /// Example: "coven-tail".
    std::string name;
    std::string roff;
};

/// Of `coven`, of each of its commands, and of each program.
std::vector<ManPage> man_pages(const std::vector<Neighbour>& programs);

/// `coven man`. The exit status.
int man(const Invocation& invocation);

}  // namespace coven::cli
