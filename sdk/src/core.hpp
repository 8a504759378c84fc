#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include "answers.hpp"
#include "coven/bus.hpp"
#include "door.hpp"
#include "herald.hpp"
#include "publisher.hpp"
#include "requester.hpp"

namespace coven {

/// Of all subscriptions together.
struct SubscriptionNumbers {
    std::uint64_t events = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t losses = 0;
    /// Missing events, where their number is known.
    std::uint64_t lost_events = 0;
    /// Times that one with a past went back to history.
    std::uint64_t repairs = 0;
};

/// What a Bus and its Subscriptions share. The jobs in the background hold it too, since their
/// frames may live as long as the loop does; that is why it is shared.
class Bus::Core : public std::enable_shared_from_this<Bus::Core> {
  public:
    Core(boost::asio::io_context& loop, Endpoints doors, Clock& time, Identity who);

    /// Made at the first use; programs that only read never connect to the other doors.
    Publisher& publisher();
    Requester& requester();
    Herald& herald();
    Answers& answers();

    using Ended = std::function<void(const std::exception_ptr& failure)>;
    /// Runs `job` until its end or until `close`, then calls `ended` unless it was `close`. What is
    /// returned ends it sooner; once it has ended it is that of another job.
    boost::asio::cancellation_signal& start(boost::asio::awaitable<void> job, Ended ended);

    void publish_presence();
    /// Tells the broker that this instance is gone, if it ever said that it is there.
    void say_goodbye();
    /// From now on `close` gives requests that nobody waits for the time to reach the broker.
    void linger_for_requests() { requests_linger_ = true; }
    /// Ends the jobs and closes the sockets.
    void close();
    bool is_closed() const { return closed_; }

    /// Tells the broker which verbs are answered for which targets, if it knows us.
    void tell_claims();
    void answer_for(std::vector<std::string> targets);
    /// No call is taken any more; returns when every outcome is confirmed.
    boost::asio::awaitable<void> drain();
    void report(v1::Presence::State state, const std::string& reason);

    boost::asio::io_context& io;
    const Endpoints endpoints;
    Clock& clock;
    const Identity identity;
    DoorContext context;
    SubscriptionNumbers subscriptions;
    Metrics metrics;

  private:
    void show_answers();
    void show_publisher();
    void show_readiness(v1::Presence::State state, const std::string& reason);
    void show_subscriptions();
    void claim(v1::ConnectorReady& ready) const;

    /// A signal that ends a job. Asio keeps the job's own state in it, so it lives as long as the
    /// Core does; the next job takes over what an ended one has left.
    struct Job {
        boost::asio::cancellation_signal stop;
        bool running = true;
    };
    Job& free_job();

    bool closed_ = false;
    bool requests_linger_ = false;
    bool drains_ = false;
    std::vector<std::string> targets_;
    std::optional<Publisher> publisher_;
    std::optional<Requester> requester_;
    std::optional<Herald> herald_;
    std::optional<Answers> answers_;
    std::vector<std::unique_ptr<Job>> jobs_;
};

}  // namespace coven
