#pragma once

#include <map>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace coven {

/// libcurl's transfers on an Asio loop: libcurl says for which descriptors and how long it waits,
/// Asio waits and tells it. libcurl's own pauses are real time, whatever clock the rest goes by.
class HttpLoop : public std::enable_shared_from_this<HttpLoop> {
  public:
    explicit HttpLoop(boost::asio::any_io_executor executor);
    HttpLoop(const HttpLoop&) = delete;
    HttpLoop& operator=(const HttpLoop&) = delete;
    ~HttpLoop();

    /// Runs `easy`, a CURL*, to its end; gives its CURLcode. Cancelling takes it off at once.
    boost::asio::awaitable<int> run(void* easy);

  private:
    class Job;
    struct Watch;
    /// Its functions are what libcurl calls.
    struct Calls;

    void set_timer(long milliseconds);
    void watch(int descriptor, int wanted);
    void wait(const std::shared_ptr<Watch>& watch, int direction);
    void on_ready(const std::shared_ptr<Watch>& watch, int direction);
    void act(int descriptor, int ready);

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    /// A CURLM*.
    void* multi_;
    std::map<void*, Job*> jobs_;
    /// Shared with the waits under way, which look whether it is still there.
    std::map<int, std::shared_ptr<Watch>> watches_;
};

}  // namespace coven
