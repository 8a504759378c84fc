#include "process_numbers.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace coven {

namespace {

// proc(5), "/proc/pid/stat" (read 2026-11-22), counted from the field behind the name.
constexpr std::size_t user_ticks_at = 11;
constexpr std::size_t system_ticks_at = 12;
constexpr std::size_t threads_at = 17;
constexpr std::size_t start_ticks_at = 19;
constexpr std::size_t virtual_bytes_at = 20;
constexpr std::size_t resident_pages_at = 21;

std::string contents_of(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// When the machine started, seconds since the Unix epoch.
double boot_seconds() {
    std::istringstream lines(contents_of("/proc/stat"));
    for (std::string word; lines >> word;) {
        double seconds = 0;
        if (word == "btime" && lines >> seconds) return seconds;
    }
    return 0;
}

double count_of_open_files() {
    std::error_code failure;
    std::filesystem::directory_iterator entry("/proc/self/fd", failure);
    double count = 0;
    for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
        ++count;
    }
    // One of them was open for the counting.
    return count > 0 ? count - 1 : 0;
}

}  // namespace

std::string after_program_name(const std::string& stat) {
    const auto end = stat.rfind(')');
    return end == std::string::npos ? std::string() : stat.substr(end + 1);
}

ProcessNumbers read_process_numbers() {
    static const double booted = boot_seconds();
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    std::istringstream words(after_program_name(contents_of("/proc/self/stat")));
    std::string state;
    words >> state;
    const std::vector<double> fields{std::istream_iterator<double>(words), {}};
    ProcessNumbers numbers;
    numbers.open_fds = count_of_open_files();
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        numbers.max_fds = static_cast<double>(files.rlim_cur);
    }
    if (fields.size() < resident_pages_at) return numbers;
    const auto field = [&fields](std::size_t place) { return fields[place - 1]; };
    numbers.cpu_seconds = (field(user_ticks_at) + field(system_ticks_at)) / ticks;
    numbers.start_seconds = booted + field(start_ticks_at) / ticks;
    numbers.threads = field(threads_at);
    numbers.virtual_bytes = field(virtual_bytes_at);
    numbers.resident_bytes = field(resident_pages_at) * static_cast<double>(sysconf(_SC_PAGESIZE));
    return numbers;
}

}  // namespace coven
