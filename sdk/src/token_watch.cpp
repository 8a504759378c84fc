#include "coven/token_watch.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/inotify.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace coven {

namespace {

/// A file is put in place by a rename; IN_CLOSE_WRITE is for what people do by hand.
constexpr std::uint32_t changes = IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE |
                                  IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t folder_gone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;
constexpr std::string_view ending = ".json";

Error failure(const std::string& folder, int reason) {
    std::string advice;
    if (reason == ENOSPC) advice = ": raise fs.inotify.max_user_watches with sysctl";
    if (reason == EMFILE) advice = ": raise fs.inotify.max_user_instances with sysctl";
    return Error("cannot watch the token store '" + folder + "': " + std::strerror(reason) +
                 advice);
}

}  // namespace

class TokenWatch::Parts {
  public:
    Parts(const asio::any_io_executor& executor, int inotify, std::string folder)
        : stream_(executor, inotify), folder_(std::move(folder)) {}

    asio::awaitable<std::string> next() {
        while (changed_.empty()) {
            take();
            if (changed_.empty()) {
                co_await stream_.async_wait(asio::posix::stream_descriptor::wait_read,
                                            asio::use_awaitable);
            }
        }
        auto login = std::move(changed_.front());
        changed_.pop_front();
        co_return login;
    }

  private:
    /// Reads what has happened, without waiting.
    void take() {
        alignas(inotify_event) std::array<char, 16384> bytes{};
        const auto count = ::read(stream_.native_handle(), bytes.data(), bytes.size());
        if (count < 0) return;
        for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
            inotify_event event{};
            std::memcpy(&event, bytes.data() + at, sizeof event);
            const std::string name =
                event.len == 0 ? "" : std::string(bytes.data() + at + sizeof event);
            note(event.mask, name);
            at += sizeof event + event.len;
        }
    }
    void note(std::uint32_t mask, const std::string& name) {
        if ((mask & folder_gone) != 0) {
            throw std::runtime_error("the token store '" + folder_ +
                                     "' was moved or removed: log in again with `coven login`");
        }
        if ((mask & IN_Q_OVERFLOW) != 0) {
            changed_.emplace_back();
            return;
        }
        if (!name.ends_with(ending)) return;
        auto login = name.substr(0, name.size() - ending.size());
        // Of several changes of an account one is enough.
        if (!login_fault(login) && (changed_.empty() || changed_.back() != login)) {
            changed_.push_back(std::move(login));
        }
    }

    asio::posix::stream_descriptor stream_;
    std::string folder_;
    std::deque<std::string> changed_;
};

TokenWatch::TokenWatch(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TokenWatch::~TokenWatch() = default;

Result<std::unique_ptr<TokenWatch>> TokenWatch::open(const asio::any_io_executor& executor,
                                                     const TokenStore& store) {
    const int inotify = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (inotify < 0) return failure(store.folder(), errno);
    auto parts = std::make_unique<Parts>(executor, inotify, store.folder());
    if (::inotify_add_watch(inotify, store.folder().c_str(), changes | IN_ONLYDIR) < 0) {
        return failure(store.folder(), errno);
    }
    return std::unique_ptr<TokenWatch>(new TokenWatch(std::move(parts)));
}

asio::awaitable<std::string> TokenWatch::next() { return parts_->next(); }

}  // namespace coven
