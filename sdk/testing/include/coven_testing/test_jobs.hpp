#pragma once

#include <cstddef>
#include <list>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

namespace coven::testing {

/// What runs beside a test. What a job throws is passed over: that is how cancelled ones end.
class TestJobs {
  public:
    /// `io` must outlive it.
    explicit TestJobs(boost::asio::io_context& io) : io_(io) {}
    TestJobs(const TestJobs&) = delete;
    TestJobs& operator=(const TestJobs&) = delete;

    void start(boost::asio::awaitable<void> job);
    /// Cancels all jobs and returns when they have ended. To be called before what they use goes.
    void finish();

  private:
    boost::asio::io_context& io_;
    /// Its size never shrinks: a job refers to its signal.
    std::list<boost::asio::cancellation_signal> stops_;
    std::size_t ended_ = 0;
};

/// Turns `io` until `test` has ended, and runs `program` beside it. Fails when `program` ends
/// first, when one of them throws, or when it takes more than a minute.
void run_beside(boost::asio::io_context& io, boost::asio::awaitable<void> test,
                boost::asio::awaitable<void> program);

}  // namespace coven::testing
