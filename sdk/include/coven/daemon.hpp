#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "coven/config.hpp"
#include "coven/connector.hpp"

namespace coven {

/// Exit statuses of every program of ours.
enum ExitStatus : int {
    exit_ok = 0,
    exit_failure = 1,
    /// Wrong flags or configuration; said on one line of stderr before anything starts.
    exit_usage = 2,
    /// A wait was longer than asked for.
    exit_timed_out = 27,
};

/// What a daemon was started with.
struct DaemonStart {
    Config config;
    /// Example: "chat-1".
    std::string instance;
};

/// Reads a daemon's command line: --config, --instance, --describe, --version, --help, and one flag
/// per setting (`--chat.channels`; settings of its own section also as `--channels`). Starts the
/// log. An int is the status to exit with at once.
std::variant<DaemonStart, int> start_daemon(const Manifest& manifest, int argc, char** argv);

/// Tells whoever started this program that it works now, by the protocol of systemd's sd_notify
/// ($NOTIFY_SOCKET): "READY=1" and one line `KEY=VALUE` for each field. Does nothing without one.
void notify_ready(const std::vector<std::string>& fields);

/// The version of this build, e.g. "0.1.0".
std::string version();

}  // namespace coven
