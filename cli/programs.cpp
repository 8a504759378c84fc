#include "programs.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <system_error>

#include <poll.h>
#include <unistd.h>

#include "coven/child_process.hpp"
#include "coven/clock.hpp"
#include "coven/daemon.hpp"
#include "coven/manifest_json.hpp"

namespace coven::cli {

namespace {

constexpr std::string_view program_prefix = "coven-";
/// --describe and --check print and end.
constexpr std::chrono::seconds describe_limit{5};
/// Far more than any manifest.
constexpr std::size_t most_bytes = std::size_t{1} << 20;

bool is_program(const std::string& path) {
    std::error_code fault;
    return std::filesystem::is_regular_file(path, fault) && access(path.c_str(), X_OK) == 0;
}

/// What comes out of `pipe` until its end, `until` or too much.
std::string read_all(int pipe, Duration limit) {
    const SystemClock clock;
    const auto until = clock.instant() + limit;
    std::string text;
    std::array<char, 4096> bytes{};
    while (text.size() < most_bytes) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - clock.instant());
        pollfd waiting{pipe, POLLIN, 0};
        if (left.count() <= 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) break;
        const auto size = read(pipe, bytes.data(), bytes.size());
        if (size <= 0) break;
        text.append(bytes.data(), static_cast<std::size_t>(size));
    }
    return text;
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
    for (const auto& entry : std::filesystem::directory_iterator(folder, fault)) {
        const auto name = entry.path().filename().string();
        const bool ours = name.starts_with(program_prefix) && is_program(entry.path().string());
        if (ours) kinds.push_back(name.substr(program_prefix.size()));
    }
    std::sort(kinds.begin(), kinds.end());
    return kinds;
}

Result<Manifest> describe_program(const std::string& path, const std::string& kind) {
    ChildProcess::Options options;
    options.command = {path, "--describe"};
    options.out = ChildProcess::Options::capture;
    auto started = ChildProcess::start(options);
    if (started.has_error()) return started.error();
    const auto text = read_all(started->out(), describe_limit);
    auto manifest = manifest_from_json(text);
    if (manifest.has_error()) {
        return Error(path + " --describe is not understood: " + manifest.error().message);
    }
    if (manifest->kind == kind) return manifest;
    return Error(path + " --describe speaks of '" + manifest->kind + "'");
}

std::vector<std::string> faults_of(const std::vector<std::string>& command) {
    ChildProcess::Options options;
    options.command = command;
    options.command.emplace_back("--check");
    options.out = ChildProcess::Options::capture;
    options.err = ChildProcess::Options::capture;
    auto started = ChildProcess::start(options);
    if (started.has_error()) return {started.error().message};
    std::istringstream said(read_all(started->err(), describe_limit));
    std::vector<std::string> faults;
    // Whatever else it says, and whatever else it ends with, is no judgement.
    if (started->wait(describe_limit) != exit_usage) return faults;
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
