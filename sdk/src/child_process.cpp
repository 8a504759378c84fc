#include "coven/child_process.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coven {

namespace {

constexpr int failed_to_run = 127;

struct Pipe {
    int ours = -1;
    int theirs = -1;
};

Pipe pipe_for(int wanted) {
    Pipe made{-1, wanted};
    int ends[2];
    if (wanted != ChildProcess::Options::capture) return made;
    if (pipe2(ends, O_CLOEXEC) != 0) return {-1, -1};
    return {ends[0], ends[1]};
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (!added.contains(text.substr(0, text.find('=')))) all.push_back(text);
    }
    for (const auto& [name, value] : added) all.push_back(fmt::format("{}={}", name, value));
    return all;
}

/// Runs in the child between fork and exec: only calls that are safe there.
[[noreturn]] void become(pid_t parent, char** command, char** environment, int out, int err,
                         int report) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Too late when the parent has died already.
    if (getppid() != parent) _exit(failed_to_run);
    ::signal(SIGCHLD, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    if (out >= 0) dup2(out, STDOUT_FILENO);
    if (err >= 0) dup2(err, STDERR_FILENO);
    execve(command[0], command, environment);
    const int reason = errno;
    [[maybe_unused]] const auto written = write(report, &reason, sizeof reason);
    _exit(failed_to_run);
}

void close_if_open(int& descriptor) {
    if (descriptor >= 0) close(descriptor);
    descriptor = -1;
}

bool lacks_pipe(int wanted, const Pipe& made) {
    return wanted == ChildProcess::Options::capture && made.ours < 0;
}

int status_from(const siginfo_t& ended) {
    return ended.si_code == CLD_EXITED ? ended.si_status : 128 + ended.si_status;
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const Options& options) {
    auto words = options.command;
    auto variables = environment_with(options.environment);
    const auto command = pointers_to(words);
    const auto environment = pointers_to(variables);
    Pipe out = pipe_for(options.out);
    Pipe err = pipe_for(options.err);
    // The child writes why it could not run; a successful exec closes the pipe with nothing in it.
    Pipe report = pipe_for(Options::capture);

    if (report.ours < 0 || lacks_pipe(options.out, out) || lacks_pipe(options.err, err)) {
        const std::string reason = std::strerror(errno);
        for (auto* pipe : {&out, &err, &report}) close_if_open(pipe->ours);
        return Error("cannot run '" + options.command.front() + "': no pipe to it: " + reason);
    }

    const auto parent = getpid();
    ChildProcess child;
    child.pid_ = fork();
    if (child.pid_ == 0) {
        become(parent, const_cast<char**>(command.data()), const_cast<char**>(environment.data()),
               out.theirs, err.theirs, report.theirs);
    }
    const int fork_failure = child.pid_ < 0 ? errno : 0;
    if (options.out == Options::capture) close_if_open(out.theirs);
    if (options.err == Options::capture) close_if_open(err.theirs);
    close_if_open(report.theirs);
    child.out_ = out.ours;
    child.err_ = err.ours;
    int exec_failure = 0;
    ssize_t size = 0;
    do {
        size = fork_failure != 0 ? 0 : read(report.ours, &exec_failure, sizeof exec_failure);
    } while (size < 0 && errno == EINTR);
    close_if_open(report.ours);
    const int failure = size > 0 ? exec_failure : fork_failure;
    if (failure != 0) {
        return Error("cannot run '" + options.command.front() + "': " + std::strerror(failure));
    }
    return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)),
      status_(other.status_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(out_, other.out_);
    std::swap(err_, other.err_);
    std::swap(status_, other.status_);
    return *this;
}

ChildProcess::~ChildProcess() {
    if (pid_ > 0 && !status_) stop(std::chrono::milliseconds{0});
    close_if_open(out_);
    close_if_open(err_);
}

void ChildProcess::signal(int number) const {
    if (pid_ > 0 && !status_) ::kill(pid_, number);
}

void ChildProcess::signal_group(int number) const {
    // Until we ask for its status its pid, which is the group's name, is nobody else's.
    if (pid_ > 0 && !status_) ::kill(-pid_, number);
}

std::optional<int> ChildProcess::poll() {
    if (status_ || pid_ <= 0) return status_;
    siginfo_t ended{};
    const int answer = waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG);
    if (answer == 0 && ended.si_pid != 0) status_ = status_from(ended);
    // Somebody else has taken its status, or asked that nobody gets it.
    if (answer != 0 && errno == ECHILD) status_ = failed_to_run;
    return status_;
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds limit) {
    if (status_ || pid_ <= 0) return status_;
    const auto until = std::chrono::steady_clock::now() + limit;
    int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
    // A signal of ours ends a poll early.
    for (auto left = limit; left.count() > 0 && !poll();) {
        pollfd waiting{descriptor, POLLIN, 0};
        ::poll(&waiting, 1, static_cast<int>(left.count()));
        const auto now = std::chrono::steady_clock::now();
        left = std::chrono::duration_cast<std::chrono::milliseconds>(until - now);
    }
    close_if_open(descriptor);
    return poll();
}

int ChildProcess::stop(std::chrono::milliseconds grace) {
    if (grace.count() > 0) {
        signal(SIGTERM);
        // A stopped process cannot end.
        signal(SIGCONT);
        if (const auto status = wait(grace)) return *status;
    }
    signal(SIGKILL);
    constexpr std::chrono::milliseconds death_limit{10000};
    return wait(death_limit).value_or(128 + SIGKILL);
}

std::string program_folder() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

}  // namespace coven
