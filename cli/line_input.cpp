#include "line_input.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <boost/asio/use_awaitable.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace coven::cli {

namespace {

constexpr std::size_t longest_line = 1u << 20;

/// epoll has no room for files.
bool is_file() {
    struct stat about {};
    return fstat(STDIN_FILENO, &about) == 0 && S_ISREG(about.st_mode);
}

}  // namespace

LineInput::LineInput(const asio::any_io_executor& executor) : input_(executor), blocks_(is_file()) {
    if (!blocks_) input_.assign(dup(STDIN_FILENO));
}

asio::awaitable<std::string> LineInput::piece() {
    std::array<char, 4096> bytes{};
    if (!blocks_) {
        co_await input_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    }
    const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
        throw std::runtime_error(std::string("cannot read stdin: ") + std::strerror(errno));
    }
    if (count < 0) co_return co_await piece();
    co_return std::string(bytes.data(), static_cast<std::size_t>(count));
}

asio::awaitable<std::optional<std::string>> LineInput::line() {
    auto end = rest_.find('\n');
    while (end == std::string::npos && !ended_) {
        const auto more = co_await piece();
        ended_ = more.empty();
        rest_ += more;
        end = rest_.find('\n');
        if (end == std::string::npos && rest_.size() > longest_line) {
            throw std::runtime_error("a line is longer than 1 MiB");
        }
    }
    if (rest_.empty()) co_return std::nullopt;
    auto line = rest_.substr(0, end);
    rest_.erase(0, end == std::string::npos ? end : end + 1);
    if (line.ends_with('\r')) line.pop_back();
    co_return line;
}

}  // namespace coven::cli
