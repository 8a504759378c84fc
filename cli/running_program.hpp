#pragma once

// For tests: a program of ours, and what it has written so far.

#include <array>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "coven/child_process.hpp"
#include "coven/clock.hpp"

namespace coven::cli {

class RunningProgram {
  public:
    RunningProgram(std::vector<std::string> command, std::map<std::string, std::string> environment)
        : process_(start(std::move(command), std::move(environment))) {
        for (const int pipe : {process_.out(), process_.err()}) fcntl(pipe, F_SETFL, O_NONBLOCK);
    }

    /// Reads what there is.
    bool runs() {
        const bool ended = process_.poll().has_value();
        read_into(out, process_.out());
        read_into(err, process_.err());
        return !ended;
    }
    /// Reads until `text` is in what it wrote to stderr. False after `limit`, or at its end.
    bool says(const std::string& text, std::chrono::milliseconds limit, std::size_t from = 0) {
        const auto until = SystemClock().instant() + limit;
        while (err.find(text, from) == std::string::npos) {
            const bool running = runs();
            if (err.find(text, from) != std::string::npos) return true;
            if (!running || !wait_for_words(until)) return false;
        }
        return true;
    }
    /// Reads until it ends. Its status; -1 after `limit`.
    int end(std::chrono::milliseconds limit) {
        const auto until = SystemClock().instant() + limit;
        while (runs() && wait_for_words(until)) continue;
        process_.wait(limit);
        runs();
        return status();
    }
    int status() { return process_.poll().value_or(-1); }
    pid_t pid() const { return process_.pid(); }
    void signal(int number) const { process_.signal(number); }
    void interrupt() const { process_.signal(SIGINT); }

    /// The processes that it has started, the oldest first.
    std::vector<pid_t> children() const {
        const auto id = std::to_string(pid());
        std::ifstream file("/proc/" + id + "/task/" + id + "/children");
        std::vector<pid_t> all;
        for (pid_t child = 0; file >> child;) all.push_back(child);
        return all;
    }
    /// The one whose command line has `words` in it; 0 = none.
    pid_t child(const std::string& words) const {
        for (const pid_t child : children()) {
            std::ifstream file("/proc/" + std::to_string(child) + "/cmdline");
            std::string line;
            for (std::string word; std::getline(file, word, '\0');) line += word + " ";
            if (line.find(words) != std::string::npos) return child;
        }
        return 0;
    }

    std::string out;
    std::string err;

  private:
    static ChildProcess start(std::vector<std::string> command,
                              std::map<std::string, std::string> environment) {
        ChildProcess::Options options;
        options.command = std::move(command);
        options.environment = std::move(environment);
        options.out = ChildProcess::Options::capture;
        options.err = ChildProcess::Options::capture;
        return ChildProcess::start(options).value();
    }

    static void read_into(std::string& text, int pipe) {
        std::array<char, 4096> bytes{};
        for (;;) {
            const auto size = read(pipe, bytes.data(), bytes.size());
            if (size <= 0) return;
            text.append(bytes.data(), static_cast<std::size_t>(size));
        }
    }

    /// Until it writes or ends; false when that took until `until`.
    bool wait_for_words(Instant until) const {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - SystemClock().instant());
        if (left.count() <= 0) return false;
        pollfd pipe{process_.err(), POLLIN, 0};
        return poll(&pipe, 1, static_cast<int>(left.count())) > 0;
    }

    ChildProcess process_;
};

}  // namespace coven::cli
