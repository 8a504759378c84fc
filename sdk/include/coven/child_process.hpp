#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "coven/result.hpp"

namespace coven {

/// A program started by us, in a process group of its own so that a Ctrl-C at the terminal reaches
/// only us. It is killed when this object dies, and when we die (PR_SET_PDEATHSIG). Not
/// thread-safe.
class ChildProcess {
  public:
    struct Options {
        /// Path of the program and its arguments.
        std::vector<std::string> command;
        /// Added to our own environment.
        std::map<std::string, std::string> environment;
        /// File descriptors of ours that become its stdout and stderr; -1 = ours are shared,
        /// `capture` = a pipe is made.
        int out = -1;
        int err = -1;
        static constexpr int capture = -2;
    };

    /// Fails with the program's path and the reason when it cannot be started.
    static Result<ChildProcess> start(const Options& options);
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    pid_t pid() const { return pid_; }
    /// Our ends of the captured pipes; owned by this object. -1 where nothing is captured.
    int out() const { return out_; }
    int err() const { return err_; }

    void signal(int number) const;
    /// To it and to what it has started itself, as far as that is still in its process group.
    void signal_group(int number) const;
    /// Its exit status once it has ended: 0–255, or 128 + the signal's number. Nothing while it
    /// runs.
    std::optional<int> poll();
    /// Waits for its end at most `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit);
    /// SIGTERM, then SIGKILL after `grace`. Its exit status.
    int stop(std::chrono::milliseconds grace);

  private:
    ChildProcess() = default;

    pid_t pid_ = -1;
    int out_ = -1;
    int err_ = -1;
    std::optional<int> status_;
};

/// The folder that this program's file lies in; its siblings are found there.
std::string program_folder();

}  // namespace coven
