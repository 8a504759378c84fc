#include "data_folder.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace coven::broker {

namespace {

namespace fs = std::filesystem;

Error failure(const std::string& what, const std::string& path, int reason) {
    return Error(what + " '" + path + "': " + std::strerror(reason));
}

/// A file descriptor that is closed.
class Descriptor {
  public:
    Descriptor(const std::string& path, int flags)
        : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    int number() const { return number_; }

  private:
    int number_;
};

bool write_whole(int descriptor, const std::string& text) {
    return ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

/// Old or new content, never half of it, whatever crashes.
Result<void> replace_file(const std::string& folder, const std::string& name,
                          const std::string& text) {
    const auto path = folder + "/" + name;
    const auto fresh = path + ".new";
    {
        const Descriptor file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        if (file.number() < 0) return failure("cannot write", fresh, errno);
        if (!write_whole(file.number(), text) || ::fsync(file.number()) != 0) {
            return failure("cannot write", fresh, errno);
        }
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) return failure("cannot write", path, errno);
    const Descriptor directory(folder, O_RDONLY | O_DIRECTORY);
    if (::fsync(directory.number()) != 0) return failure("cannot write", folder, errno);
    return {};
}

/// 0 = there was none.
Result<std::uint64_t> last_epoch(const std::string& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return std::uint64_t{0};
    std::ifstream file(path);
    std::ostringstream content;
    content << file.rdbuf();
    const auto text = content.str();
    std::uint64_t epoch = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), epoch);
    const bool whole = std::string_view(end, text.data() + text.size()) == "\n";
    if (!file || code != std::errc() || !whole || epoch == 0 || epoch == UINT64_MAX) {
        return Error("'" + path +
                     "' holds no epoch: write into it a number that is greater than "
                     "each bus_epoch so far");
    }
    return epoch;
}

std::optional<std::string> value_of(const std::map<std::string, std::string>& environment,
                                    const std::string& name) {
    const auto found = environment.find(name);
    if (found == environment.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

}  // namespace

std::optional<std::string> default_data_folder(
    const std::map<std::string, std::string>& environment) {
    // systemd joins several folders by colons; the first is ours.
    if (const auto state = value_of(environment, "STATE_DIRECTORY")) {
        return state->substr(0, state->find(':'));
    }
    if (const auto state = value_of(environment, "XDG_STATE_HOME")) return *state + "/coven/broker";
    if (const auto home = value_of(environment, "HOME")) {
        return *home + "/.local/state/coven/broker";
    }
    return std::nullopt;
}

Result<DataFolder> DataFolder::open(const std::string& path) {
    std::error_code reason;
    fs::create_directories(path, reason);
    if (reason) return failure("cannot make the data folder", path, reason.value());
    const auto lock_path = path + "/lock";
    const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return failure("cannot write", lock_path, errno);
    DataFolder folder(path, lock);
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return folder;
    if (errno != EWOULDBLOCK) return failure("cannot lock", lock_path, errno);
    return Error("another broker uses the data folder '" + path +
                 "': stop it, or set [broker] data to another folder");
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
    if (lock_ >= 0) ::close(lock_);
}

Result<std::uint64_t> DataFolder::next_epoch(std::uint64_t unix_seconds) {
    const auto last = last_epoch(path_ + "/epoch");
    if (last.has_error()) return last.error();
    const auto epoch = std::max(*last + 1, unix_seconds);
    const auto written = replace_file(path_, "epoch", std::to_string(epoch) + "\n");
    if (written.has_error()) return written.error();
    return epoch;
}

}  // namespace coven::broker
