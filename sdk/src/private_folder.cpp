#include "private_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coven {

namespace {

constexpr mode_t others = 077;
/// A file of ours has some hundred bytes.
constexpr std::size_t most_bytes = std::size_t{256} << 10;

const char* advice_for(int reason) {
    switch (reason) {
        case ENOSPC:
        case EDQUOT:
            return ": make room on that disk";
        case EROFS:
            return ": mount that disk writable, or set [twitch] token_folder to another folder";
        case EACCES:
        case EPERM:
            return ": give it to the user who runs this, or set [twitch] token_folder to another "
                   "folder";
        default:
            return "";
    }
}

Error failure(const std::string& what, const std::string& path, int reason) {
    return Error("cannot " + what + " '" + path + "': " + std::strerror(reason) +
                 advice_for(reason));
}

/// What is wrong with whose it is and who may use it, if anything is.
std::optional<Error> privacy_fault(const std::string& path, const struct stat& found) {
    if (S_ISLNK(found.st_mode)) {
        return Error("'" + path +
                     "' is a symbolic link, which others could turn: put the folder or file itself "
                     "there, or set [twitch] token_folder to where it leads");
    }
    if (found.st_uid != ::geteuid()) {
        return Error("'" + path + "' belongs to user " + std::to_string(found.st_uid) +
                     ", and this runs as user " + std::to_string(::geteuid()) +
                     ": run it as that user, or `chown` the file");
    }
    if ((found.st_mode & others) == 0) return std::nullopt;
    const char* mode = S_ISDIR(found.st_mode) ? "700" : "600";
    return Error("other users may read '" + path + "', which holds tokens: `chmod " + mode + " " +
                 path + "`, and log in again if somebody may have looked");
}

Error link_refused(const std::string& path) {
    struct stat link {};
    link.st_mode = S_IFLNK;
    return *privacy_fault(path, link);
}

std::string without_slashes_at_the_end(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

bool write_whole(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto count = ::write(descriptor, text.data(), text.size());
        if (count < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// False with errno set when it cannot be read.
bool read_whole(int descriptor, std::string& text) {
    std::array<char, 4096> piece{};
    for (;;) {
        const auto count = ::read(descriptor, piece.data(), piece.size());
        if (count < 0) return false;
        if (count == 0) return true;
        text.append(piece.data(), static_cast<std::size_t>(count));
        if (text.size() <= most_bytes) continue;
        errno = EFBIG;
        return false;
    }
}

void tell(const PrivateFolder::Look& look, PrivateFolder::Step step) {
    if (look) look(step);
}

}  // namespace

OwnedDescriptor::OwnedDescriptor(OwnedDescriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}

OwnedDescriptor::~OwnedDescriptor() {
    if (number_ >= 0) ::close(number_);
}

Result<PrivateFolder> PrivateFolder::open(std::string path) {
    path = without_slashes_at_the_end(std::move(path));
    std::error_code reason;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), reason);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        return failure("make the folder", path, errno);
    }
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return failure("open the folder", path, errno);
    if (auto fault = privacy_fault(path, found)) return *std::move(fault);
    OwnedDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder.number() < 0) return failure("open the folder", path, errno);
    // Again, of what is open now.
    if (::fstat(folder.number(), &found) != 0) return failure("open the folder", path, errno);
    if (auto fault = privacy_fault(path, found)) return *std::move(fault);
    return PrivateFolder(std::move(path), std::move(folder));
}

Result<std::optional<std::string>> PrivateFolder::read(const std::string& name) const {
    // Without O_NONBLOCK a pipe of that name would hold us up.
    const OwnedDescriptor opened(
        ::openat(folder_.number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (opened.number() < 0 && errno == ENOENT) return std::optional<std::string>();
    if (opened.number() < 0 && errno == ELOOP) return link_refused(file(name));
    if (opened.number() < 0) return failure("read", file(name), errno);
    struct stat found {};
    if (::fstat(opened.number(), &found) != 0) return failure("read", file(name), errno);
    if (auto fault = privacy_fault(file(name), found)) return *std::move(fault);
    std::optional<std::string> text(std::in_place);
    if (!read_whole(opened.number(), *text)) return failure("read", file(name), errno);
    return text;
}

Result<std::vector<std::string>> PrivateFolder::names() const {
    // A descriptor of its own: reading moves it, and closing the stream closes it.
    const int again = ::openat(folder_.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(again < 0 ? nullptr : ::fdopendir(again),
                                                     ::closedir);
    if (!stream) return failure("list the folder", path_, errno);
    std::vector<std::string> names;
    for (const auto* entry = ::readdir(stream.get()); entry != nullptr;
         entry = ::readdir(stream.get())) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<void> PrivateFolder::write_beside(const std::string& name, std::string_view text,
                                         const Look& look) {
    const auto fresh = name + std::string(unfinished);
    if (::unlinkat(folder_.number(), fresh.c_str(), 0) != 0 && errno != ENOENT) {
        return failure("replace", file(fresh), errno);
    }
    const OwnedDescriptor made(::openat(folder_.number(), fresh.c_str(),
                                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                        0600));
    if (made.number() < 0) return failure("write", file(fresh), errno);
    tell(look, Step::made);
    const bool written = write_whole(made.number(), text);
    if (written) tell(look, Step::written);
    if (!written || ::fsync(made.number()) != 0) {
        const int reason = errno;
        ::unlinkat(folder_.number(), fresh.c_str(), 0);
        return failure("write", file(fresh), reason);
    }
    tell(look, Step::synced);
    return {};
}

Result<void> PrivateFolder::put_in_place(const std::string& name, const Look& look) {
    const auto fresh = name + std::string(unfinished);
    if (::renameat(folder_.number(), fresh.c_str(), folder_.number(), name.c_str()) != 0) {
        return failure("write", file(name), errno);
    }
    tell(look, Step::renamed);
    auto synced = sync(".");
    if (synced) tell(look, Step::folder_synced);
    return synced;
}

Result<bool> PrivateFolder::remove(const std::string& name) {
    if (::unlinkat(folder_.number(), name.c_str(), 0) != 0) {
        if (errno == ENOENT) return false;
        return failure("remove", file(name), errno);
    }
    const auto synced = sync(".");
    if (synced.has_error()) return synced.error();
    return true;
}

Result<void> PrivateFolder::sync(const std::string& name) const {
    const OwnedDescriptor opened(
        ::openat(folder_.number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (opened.number() < 0 || ::fsync(opened.number()) != 0) {
        return failure("write", file(name), errno);
    }
    return {};
}

Result<std::optional<OwnedDescriptor>> PrivateFolder::lock(const std::string& name) {
    OwnedDescriptor held(
        ::openat(folder_.number(), name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (held.number() < 0) return failure("lock", file(name), errno);
    if (::flock(held.number(), LOCK_EX | LOCK_NB) == 0) {
        return std::optional<OwnedDescriptor>(std::move(held));
    }
    if (errno != EWOULDBLOCK) return failure("lock", file(name), errno);
    return std::optional<OwnedDescriptor>();
}

}  // namespace coven
