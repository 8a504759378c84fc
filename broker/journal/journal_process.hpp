#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coven/child_process.hpp"

namespace coven::broker {

/// `journal_child write`, and what it says. It is killed when this dies.
class JournalProcess {
  public:
    /// `wrapper` is a command that runs the rest of its line, such as strace with its flags.
    explicit JournalProcess(const std::vector<std::string>& arguments,
                            const std::vector<std::string>& wrapper = {});

    /// Its next line that begins with `word`, without it; counts acks in all that it passes over.
    /// None within `disk_deadline`, or it ended: throws with what it said last.
    std::string next(const std::string& word);
    /// kill -9 to it and its wrapper, then reads what it had said.
    void kill();
    /// Highest offset that was said to be committed.
    std::uint64_t acked() const { return acked_; }
    /// How many were appended beyond that when it last said so.
    std::uint64_t in_flight() const { return appended_ - acked_; }
    pid_t pid() const { return child_.pid(); }

  private:
    std::optional<std::string> line();
    void note(const std::string& line);

    ChildProcess child_;
    std::string unread_;
    std::uint64_t acked_ = 0;
    std::uint64_t appended_ = 0;
};

/// Runs `journal_child check`: its exit status (see there; above 128: the signal that ended it) and
/// what it wrote to stderr.
struct Verdict {
    int status = 0;
    std::string words;
};
Verdict check_journal(const std::string& folder, std::uint64_t last);

}  // namespace coven::broker
