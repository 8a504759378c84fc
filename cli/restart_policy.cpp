#include "restart_policy.hpp"

#include <cstring>

#include <fmt/format.h>

#include "coven/daemon.hpp"

namespace coven::cli {

RestartPolicy::RestartPolicy(Limits limits, std::uint64_t seed)
    : limits_(limits), backoff_(limits.pause, seed) {}

RestartPolicy::Decision RestartPolicy::ended(int status, Instant now) {
    while (!ends_.empty() && now - ends_.front() > limits_.window) ends_.pop_front();
    if (ends_.empty()) backoff_.reset();
    ends_.push_back(now);
    // The same flags and configuration would be refused again.
    if (status == exit_usage) return {std::nullopt, "refused its flags or configuration"};
    if (ends_.size() < limits_.crash_loop) return {backoff_.next(), ""};
    return {std::nullopt,
            fmt::format("ended {} times within {} s", ends_.size(), limits_.window.count())};
}

std::string describe_status(int status) {
    if (status <= 128) return fmt::format("ended with status {}", status);
    return fmt::format("was killed by signal {} ({})", status - 128, strsignal(status - 128));
}

}  // namespace coven::cli
