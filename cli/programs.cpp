#include "programs.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <system_error>

#include <unistd.h>

#include "captured.hpp"
#include "coven/daemon.hpp"
#include "coven/topic.hpp"

namespace coven::cli {

namespace {

/// A program looks at its settings, and at files that they name.
constexpr std::chrono::seconds check_limit{20};

bool is_program(const std::string& path) {
    std::error_code fault;
    return std::filesystem::is_regular_file(path, fault) && access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::string> find_program(const std::string& folder, const std::string& kind) {
    auto path = folder + "/" + std::string(program_prefix) + kind;
    if (!is_program(path)) return std::nullopt;
    return path;
}

std::vector<std::string> kinds_in(const std::string& folder) {
    std::vector<std::string> kinds;
    std::error_code fault;
    for (std::filesystem::directory_iterator entry(folder, fault), end; !fault && entry != end;
         entry.increment(fault)) {
        const auto name = entry->path().filename().string();
        if (!name.starts_with(program_prefix) || !is_program(entry->path().string())) continue;
        auto kind = name.substr(program_prefix.size());
        if (word_fault(kind) == nullptr) kinds.push_back(std::move(kind));
    }
    std::sort(kinds.begin(), kinds.end());
    return kinds;
}

Result<std::vector<std::string>> faults_of(std::vector<std::string> command,
                                           const std::map<std::string, std::string>& environment) {
    command.emplace_back("--check");
    const auto checked = run_captured(command, environment, check_limit);
    if (checked.has_error()) return checked.error();
    std::vector<std::string> faults;
    if (checked->status == exit_ok) return faults;
    if (checked->status != exit_usage) {
        return Error("'" + command.front() + " --check' gives no judgement");
    }
    std::istringstream said(checked->err);
    for (std::string line; std::getline(said, line);) faults.push_back(line);
    return faults;
}

std::optional<std::string> locate(const std::string& command, const std::string& search) {
    if (command.find('/') != std::string::npos) {
        if (!is_program(command)) return std::nullopt;
        return command;
    }
    std::istringstream folders(search);
    for (std::string folder; std::getline(folders, folder, ':');) {
        auto path = (folder.empty() ? "." : folder) + "/" + command;
        if (is_program(path)) return path;
    }
    return std::nullopt;
}

}  // namespace coven::cli
