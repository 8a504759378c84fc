#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include "coven/bus.hpp"
#include "door.hpp"
#include "herald.hpp"
#include "publisher.hpp"
#include "requester.hpp"

namespace coven {

/// What a Bus and its Subscriptions share. The jobs in the background hold it too, since their
/// frames may live as long as the loop does; that is why it is shared.
class Bus::Core : public std::enable_shared_from_this<Bus::Core> {
  public:
    Core(boost::asio::io_context& loop, Endpoints doors, Clock& time, Identity who);

    /// Made at the first use; programs that only read never connect to the other doors.
    Publisher& publisher();
    Requester& requester();
    Herald& herald();

    using Ended = std::function<void(const std::exception_ptr& failure)>;
    /// Runs `job` until its end or until `close`, then calls `ended` unless it was `close`.
    void start(boost::asio::awaitable<void> job, Ended ended);

    void publish_presence();
    /// Tells the broker that this instance is gone, if it ever said that it is there.
    void say_goodbye();
    /// Ends the jobs and closes the sockets.
    void close();

    boost::asio::io_context& io;
    const Endpoints endpoints;
    Clock& clock;
    const Identity identity;
    DoorContext context;

  private:
    /// A signal that ends a job. Asio keeps the job's own state in it, so it lives as long as the
    /// Core does; the next job takes over what an ended one has left.
    struct Job {
        boost::asio::cancellation_signal stop;
        bool running = true;
    };
    Job& free_job();

    bool closed_ = false;
    std::optional<Publisher> publisher_;
    std::optional<Requester> requester_;
    std::optional<Herald> herald_;
    std::vector<std::unique_ptr<Job>> jobs_;
};

}  // namespace coven
