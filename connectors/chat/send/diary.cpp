#include "send/diary.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace chat {

namespace {

namespace fs = std::filesystem;

/// About a thousand notes; then old ones are dropped.
constexpr std::uintmax_t longest_file = 20000;

coven::Error fault(const std::string& what, const std::string& path) {
    return coven::Error("cannot " + what + " '" + path + "': " + std::strerror(errno));
}

coven::Result<void> append(const std::string& path, const std::vector<coven::Time>& times,
                           std::ios::openmode mode) {
    std::ofstream file(path, mode);
    for (const auto& time : times) file << coven::microseconds_since_epoch(time) << '\n';
    file.close();
    if (!file) return fault("write", path);
    return {};
}

}  // namespace

coven::Result<SendDiary> SendDiary::open(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return coven::Error("cannot make '" + folder + "': " + error.message());
    return SendDiary(folder);
}

coven::Result<void> SendDiary::note(const std::string& account, coven::Time now,
                                    coven::Time forget_before) {
    std::error_code absent;
    const auto size = fs::file_size(path_of(account), absent);
    if (!absent && size > longest_file) {
        auto shortened = shorten(account, forget_before);
        if (shortened.has_error()) return shortened;
    }
    return append(path_of(account), {now}, std::ios::app);
}

coven::Result<void> SendDiary::shorten(const std::string& account, coven::Time forget_before) {
    const auto kept = read(account, forget_before);
    if (kept.has_error()) return kept.error();
    const auto path = path_of(account);
    auto written = append(path + ".new", *kept, std::ios::trunc);
    if (written.has_error()) return written;
    std::error_code error;
    fs::rename(path + ".new", path, error);
    if (error) return coven::Error("cannot replace '" + path + "': " + error.message());
    return {};
}

coven::Result<std::vector<coven::Time>> SendDiary::read(const std::string& account,
                                                        coven::Time since) const {
    std::vector<coven::Time> times;
    const auto path = path_of(account);
    std::error_code unknown;
    if (!fs::exists(path, unknown) && !unknown) return times;
    std::ifstream file(path);
    if (!file) return fault("read", path);
    for (std::int64_t us = 0; file >> us;) {
        const coven::Time time{std::chrono::microseconds(us)};
        if (time > since) times.push_back(time);
    }
    if (!file.eof()) return coven::Error("'" + path + "' is not what was written: remove it");
    return times;
}

}  // namespace chat
