#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coven/manifest_json.hpp"
#include "programs.hpp"

namespace coven::cli {

/// A program of ours that can be found, and what it says of itself.
struct Neighbour {
    std::string path;
    Manifest manifest;
    std::vector<DaemonFlag> flags;

    std::string program() const { return std::string(program_prefix) + manifest.kind; }
};

/// What the program at `path` says with --describe. Fails when it says nothing that is understood,
/// and when it is of another kind.
Result<Neighbour> describe(const std::string& path, const std::string& kind);

struct Neighbours {
    /// By kind.
    std::vector<Neighbour> programs;
    /// Why others do not count.
    std::vector<std::string> faults;

    const Neighbour* find(std::string_view kind) const;
};

/// Every coven-KIND in `folder`, then in those of `search`, which is written as $PATH is; the first
/// of a kind counts.
Neighbours neighbours_in(const std::string& folder, const std::string& search);
/// Beside this program, and on $PATH.
Neighbours our_neighbours();

}  // namespace coven::cli
