#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "coven/result.hpp"

namespace coven::cli {

/// A program that ran to its end, and what it printed.
struct Captured {
    int status = 0;
    std::string out;
    std::string err;
};

/// `environment` is added to ours. Fails when it cannot be started, and when it runs for longer
/// than `limit`.
Result<Captured> run_captured(const std::vector<std::string>& command,
                              const std::map<std::string, std::string>& environment,
                              std::chrono::milliseconds limit);

}  // namespace coven::cli
