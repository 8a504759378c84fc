#pragma once

#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace coven::cli {

/// What comes in on stdin, read without blocking the loop; a file, which never blocks for long, is
/// read as it is.
class LineInput {
  public:
    explicit LineInput(const boost::asio::any_io_executor& executor);

    /// The next piece, as it comes; empty = the end. Throws std::runtime_error when it cannot be
    /// read.
    boost::asio::awaitable<std::string> piece();
    /// The next line without its end ("\n" or "\r\n"); nothing at the end. The last line needs no
    /// end of its own. Throws also when a line is longer than 1 MiB.
    boost::asio::awaitable<std::optional<std::string>> line();

  private:
    boost::asio::posix::stream_descriptor input_;
    bool blocks_ = false;
    bool ended_ = false;
    std::string rest_;
};

}  // namespace coven::cli
