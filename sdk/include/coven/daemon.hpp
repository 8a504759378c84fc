#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "coven/config.hpp"
#include "coven/connector.hpp"
#include "coven/log.hpp"

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

/// Makes what a program needs of its configuration, and says all that is wrong with it. A fault
/// that begins with the key of a setting is shown with the place where that stands. It changes
/// nothing outside of the program: `--check` calls it, too.
using Prepare = std::function<std::vector<Error>(const Config& config)>;

/// Reads a daemon's command line: --config, --instance, --check, --describe, --version, --help, and
/// one flag per setting (`--twitch-chat-url`; settings of its own section without it: `--channels`;
/// '.' and '_' do as well as '-'). Calls `prepare` and starts the log. An int is the status to exit
/// with at once. To be called first in `main`.
std::variant<DaemonStart, int> start_daemon(const Manifest& manifest, int argc, char** argv,
                                            const Prepare& prepare);

/// What [log] says, which `config` must hold.
log::Level log_level(const Config& config);
log::Format log_format(const Config& config);

/// Tells whoever started this program that it works now, by the protocol of systemd's sd_notify
/// ($NOTIFY_SOCKET): "READY=1" and one line `KEY=VALUE` for each field. Does nothing without one.
void notify_ready(const std::vector<std::string>& fields);

/// The version of this build, e.g. "0.1.0".
std::string version();

}  // namespace coven
