#include "http_loop.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <curl/curl.h>

namespace asio = boost::asio;
using boost::system::error_code;

namespace coven {

// A direction is a bit, and the same one where libcurl wants it and where it is told.
static_assert(CURL_POLL_IN == CURL_CSELECT_IN && CURL_POLL_OUT == CURL_CSELECT_OUT);

/// A descriptor of libcurl's and the directions that it waits for.
struct HttpLoop::Watch {
    Watch(const asio::any_io_executor& executor, int number) : descriptor(executor) {
        error_code failure;
        descriptor.assign(number, failure);
    }

    asio::posix::stream_descriptor descriptor;
    int wanted = 0;
    int waiting = 0;
};

/// A transfer that runs for as long as this lives.
class HttpLoop::Job {
  public:
    Job(std::shared_ptr<HttpLoop> loop, CURL* easy)
        : loop_(std::move(loop)),
          easy_(easy),
          bell_(loop_->executor_, asio::steady_timer::time_point::max()) {
        loop_->jobs_[easy] = this;
        const auto code = curl_multi_add_handle(loop_->multi_, easy);
        if (code != CURLM_OK) code_ = CURLE_FAILED_INIT;
    }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    ~Job() {
        curl_multi_remove_handle(loop_->multi_, easy_);
        loop_->jobs_.erase(easy_);
    }

    void end(CURLcode code) {
        code_ = code;
        bell_.cancel();
    }

    asio::awaitable<int> outcome() {
        while (!code_) {
            error_code woken;
            auto token = asio::redirect_error(asio::use_awaitable, woken);
            co_await bell_.async_wait(token);
        }
        co_return *code_;
    }

  private:
    std::shared_ptr<HttpLoop> loop_;
    CURL* easy_;
    asio::steady_timer bell_;
    std::optional<CURLcode> code_;
};

struct HttpLoop::Calls {
    static int on_socket(CURL*, curl_socket_t descriptor, int wanted, void* loop, void*) {
        static_cast<HttpLoop*>(loop)->watch(descriptor, wanted);
        return 0;
    }
    static int on_timer(CURLM*, long milliseconds, void* loop) {
        static_cast<HttpLoop*>(loop)->set_timer(milliseconds);
        return 0;
    }
};

HttpLoop::HttpLoop(asio::any_io_executor executor)
    : executor_(std::move(executor)), timer_(executor_) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Calls::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Calls::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

HttpLoop::~HttpLoop() {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
    // The descriptors belong to libcurl, which closes them next.
    for (const auto& [number, watch] : watches_) watch->descriptor.release();
    curl_multi_cleanup(multi_);
    curl_global_cleanup();
}

asio::awaitable<int> HttpLoop::run(void* easy) {
    Job job(shared_from_this(), easy);
    co_return co_await job.outcome();
}

void HttpLoop::set_timer(long milliseconds) {
    if (milliseconds < 0) {
        timer_.cancel();
        return;
    }
    // Also for 0: libcurl must not be called from within its own call.
    timer_.expires_after(std::chrono::milliseconds(milliseconds));
    timer_.async_wait([weak = weak_from_this()](const error_code& failure) {
        const auto loop = weak.lock();
        if (!failure && loop) loop->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void HttpLoop::watch(int descriptor, int wanted) {
    const auto found = watches_.find(descriptor);
    if (wanted == CURL_POLL_REMOVE) {
        if (found == watches_.end()) return;
        // At once: libcurl closes it after this call.
        found->second->descriptor.release();
        watches_.erase(found);
        return;
    }
    const auto watch =
        found != watches_.end() ? found->second : std::make_shared<Watch>(executor_, descriptor);
    watches_[descriptor] = watch;
    watch->wanted = wanted;
    wait(watch, CURL_POLL_IN);
    wait(watch, CURL_POLL_OUT);
}

void HttpLoop::wait(const std::shared_ptr<Watch>& watch, int direction) {
    if ((watch->wanted & direction) == 0 || (watch->waiting & direction) != 0) return;
    watch->waiting |= direction;
    const auto type = direction == CURL_POLL_IN ? asio::posix::stream_descriptor::wait_read
                                                : asio::posix::stream_descriptor::wait_write;
    auto ready = [weak = weak_from_this(), weak_watch = std::weak_ptr<Watch>(watch),
                  direction](const error_code&) {
        const auto loop = weak.lock();
        const auto still = weak_watch.lock();
        // An error of the descriptor is libcurl's to find, too.
        if (loop && still) loop->on_ready(still, direction);
    };
    watch->descriptor.async_wait(type, std::move(ready));
}

void HttpLoop::on_ready(const std::shared_ptr<Watch>& watch, int direction) {
    const auto number = watch->descriptor.native_handle();
    watch->waiting &= ~direction;
    if ((watch->wanted & direction) != 0) act(number, direction);
    // It may be gone now, or another one of the same number stand in its place.
    const auto found = watches_.find(number);
    if (found != watches_.end() && found->second == watch) wait(watch, direction);
}

void HttpLoop::act(int descriptor, int ready) {
    int running = 0;
    curl_multi_socket_action(multi_, descriptor, ready, &running);
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_, &left)) {
        const auto job = jobs_.find(message->easy_handle);
        if (message->msg == CURLMSG_DONE && job != jobs_.end()) {
            job->second->end(message->data.result);
        }
    }
}

}  // namespace coven
