#include "journal/journal_process.hpp"

#include <csignal>
#include <stdexcept>

#include <poll.h>
#include <unistd.h>

#include "journal/journal_samples.hpp"

namespace coven::broker {

namespace {

ChildProcess start(std::vector<std::string> command, const std::vector<std::string>& arguments,
                   int ChildProcess::Options::*stream) {
    command.push_back(program_folder() + "/journal_child");
    command.insert(command.end(), arguments.begin(), arguments.end());
    ChildProcess::Options options;
    options.command = std::move(command);
    options.*stream = ChildProcess::Options::capture;
    return ChildProcess::start(options).value();
}

/// What comes next; empty at the end.
std::string read_some(int file) {
    pollfd item = {file, POLLIN, 0};
    const auto limit = std::chrono::milliseconds(disk_deadline).count();
    if (poll(&item, 1, static_cast<int>(limit)) <= 0) throw std::runtime_error("no word from it");
    std::string bytes(std::size_t{1} << 16, '\0');
    const auto got = read(file, bytes.data(), bytes.size());
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

}  // namespace

JournalProcess::JournalProcess(const std::vector<std::string>& arguments,
                               const std::vector<std::string>& wrapper)
    : child_(start(wrapper, arguments, &ChildProcess::Options::out)) {}

std::optional<std::string> JournalProcess::line() {
    for (;;) {
        const auto end = unread_.find('\n');
        if (end != std::string::npos) {
            auto line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            note(line);
            return line;
        }
        const auto more = read_some(child_.out());
        if (more.empty()) return std::nullopt;
        unread_ += more;
    }
}

void JournalProcess::note(const std::string& line) {
    unsigned long long acked = 0;
    unsigned long long appended = 0;
    if (std::sscanf(line.c_str(), "%*s %llu %llu", &acked, &appended) != 2) return;
    if (line.starts_with("committed ")) acked_ = acked;
    appended_ = appended;
}

std::string JournalProcess::next(const std::string& word) {
    std::string last;
    while (const auto said = line()) {
        if (said->starts_with(word + ' ') || *said == word) {
            return said->substr(std::min(said->size(), word.size() + 1));
        }
        last = *said;
    }
    throw std::runtime_error("the journal's process ended after: " + last);
}

void JournalProcess::kill() {
    child_.signal_group(SIGKILL);
    child_.wait(disk_deadline);
    while (line()) continue;
}

Verdict check_journal(const std::string& folder, std::uint64_t last) {
    auto child = start({}, {"check", folder, std::to_string(last)}, &ChildProcess::Options::err);
    Verdict verdict;
    for (;;) {
        const auto more = read_some(child.err());
        if (more.empty()) break;
        verdict.words += more;
    }
    const auto status = child.wait(disk_deadline);
    if (!status) throw std::runtime_error("the check does not end");
    verdict.status = *status;
    return verdict;
}

}  // namespace coven::broker
