#include "neighbours.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include <unistd.h>

#include "captured.hpp"
#include "coven/child_process.hpp"
#include "coven/topic.hpp"

namespace coven::cli {

namespace {

namespace fs = std::filesystem;

/// --describe prints and ends.
constexpr std::chrono::seconds describe_limit{10};
constexpr std::string_view prefix = "coven-";

bool is_program(const fs::path& path) {
    std::error_code fault;
    return fs::is_regular_file(path, fault) && access(path.c_str(), X_OK) == 0;
}

/// Adds what `folder` has of kinds that are not there yet: kind → path.
void add_programs(const fs::path& folder, std::map<std::string, std::string>& found) {
    std::error_code fault;
    for (fs::directory_iterator entry(folder, fault), end; !fault && entry != end;
         entry.increment(fault)) {
        const auto name = entry->path().filename().string();
        if (!name.starts_with(prefix) || !is_program(entry->path())) continue;
        const auto kind = name.substr(prefix.size());
        if (word_fault(kind) == nullptr) found.emplace(kind, entry->path().string());
    }
}

}  // namespace

Result<Neighbour> describe(const std::string& path) {
    const auto said = run_captured({path, "--describe"}, {}, describe_limit);
    if (said.has_error()) return said.error();
    auto manifest = manifest_from_json(said->out);
    if (manifest.has_error()) {
        return Error("'" + path + "' does not describe itself: " + manifest.error().message);
    }
    return Neighbour{path, std::move(*manifest), flags_from_json(said->out)};
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
        auto program = describe(path);
        if (program.has_error()) {
            all.faults.push_back(program.error().message);
        } else if (program->manifest.kind != kind) {
            all.faults.push_back("'" + path + "' says that it is " + program->program());
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
