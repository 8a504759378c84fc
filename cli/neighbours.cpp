#include "neighbours.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <sstream>

#include "captured.hpp"
#include "coven/child_process.hpp"
#include "programs.hpp"

namespace coven::cli {

namespace {

/// --describe prints and ends.
constexpr std::chrono::seconds describe_limit{10};

/// Adds what `folder` has of kinds that are not there yet: kind → path.
void add_programs(const std::string& folder, std::map<std::string, std::string>& found) {
    for (const auto& kind : kinds_in(folder)) {
        if (const auto path = find_program(folder, kind)) found.emplace(kind, *path);
    }
}

}  // namespace

Result<Neighbour> describe(const std::string& path, const std::string& kind) {
    const auto said = run_captured({path, "--describe"}, {}, describe_limit);
    if (said.has_error()) return said.error();
    auto manifest = manifest_from_json(said->out);
    if (manifest.has_error()) {
        return Error("'" + path + "' does not describe itself: " + manifest.error().message);
    }
    Neighbour program{path, std::move(*manifest), flags_from_json(said->out)};
    if (program.manifest.kind == kind) return program;
    return Error("'" + path + "' says that it is " + program.program());
}

const Neighbour* Neighbours::find(std::string_view kind) const {
    const auto same = [&](const Neighbour& program) { return program.manifest.kind == kind; };
    const auto found = std::find_if(programs.begin(), programs.end(), same);
    return found == programs.end() ? nullptr : &*found;
}

Neighbours neighbours_in(const std::string& folder, const std::string& search) {
    std::map<std::string, std::string> found;
    add_programs(folder, found);
    std::istringstream folders(search);
    for (std::string next; std::getline(folders, next, ':');) {
        if (!next.empty()) add_programs(next, found);
    }
    Neighbours all;
    for (const auto& [kind, path] : found) {
        auto program = describe(path, kind);
        if (program.has_error()) {
            all.faults.push_back(program.error().message);
        } else {
            all.programs.push_back(std::move(*program));
        }
    }
    return all;
}

Neighbours our_neighbours() {
    const char* search = std::getenv("PATH");
    return neighbours_in(program_folder(), search == nullptr ? "" : search);
}

}  // namespace coven::cli
