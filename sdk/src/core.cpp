#include "core.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr std::chrono::milliseconds farewell_limit{200};

/// These jobs never end by themselves: what they throw is for whoever runs the loop.
void pass_on(const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

Bus::Core::Core(asio::io_context& loop, Endpoints doors, Clock& time, Identity who)
    : io(loop),
      endpoints(std::move(doors)),
      clock(time),
      identity(std::move(who)),
      targets_(identity.targets) {
    show_subscriptions();
}

Bus::Core::Job& Bus::Core::free_job() {
    for (const auto& job : jobs_) {
        if (!job->running) return *job;
    }
    return *jobs_.emplace_back(std::make_unique<Job>());
}

asio::cancellation_signal& Bus::Core::start(asio::awaitable<void> job, Ended ended) {
    auto& place = free_job();
    place.running = true;
    // The handler outlives the job's frames, and so must what they refer to.
    const auto finish = [keep = shared_from_this(), &place,
                         ended = std::move(ended)](const std::exception_ptr& failure) {
        place.running = false;
        if (!keep->closed_) ended(failure);
    };
    asio::co_spawn(io, std::move(job), asio::bind_cancellation_slot(place.stop.slot(), finish));
    return place.stop;
}

Publisher& Bus::Core::publisher() {
    if (!publisher_) {
        publisher_.emplace(io, context, endpoints, clock);
        show_publisher();
        start(publisher_->run([this] { publish_presence(); }), pass_on);
    }
    return *publisher_;
}

Requester& Bus::Core::requester() {
    if (!requester_) {
        requester_.emplace(io, context, endpoints.request, clock);
        const auto take = [this](std::string_view frame, Duration age) {
            answers().take(frame, age);
        };
        start(requester_->run(take), pass_on);
    }
    return *requester_;
}

Herald& Bus::Core::herald() {
    if (!herald_) {
        Herald::Says says;
        says.publish = [this] { publish_presence(); };
        says.claim = [this](v1::ConnectorReady& ready) { claim(ready); };
        herald_.emplace(requester(), io, clock, identity, metrics.url(), std::move(says));
        start(herald_->run(), pass_on);
    }
    return *herald_;
}

Answers& Bus::Core::answers() {
    if (!answers_) {
        answers_.emplace(*this);
        show_answers();
    }
    return *answers_;
}

void Bus::Core::claim(v1::ConnectorReady& ready) const {
    if (!answers_) return;
    const auto verbs = answers_->verbs();
    ready.mutable_verbs()->Assign(verbs.begin(), verbs.end());
    ready.mutable_targets()->Assign(targets_.begin(), targets_.end());
}

void Bus::Core::tell_claims() {
    if (herald_ && !closed_) herald_->beat();
}

void Bus::Core::answer_for(std::vector<std::string> targets) {
    if (targets == targets_) return;
    targets_ = std::move(targets);
    tell_claims();
}

asio::awaitable<void> Bus::Core::drain() {
    const auto keep = shared_from_this();
    report(v1::Presence::STATE_DRAINING, "told to stop");
    drains_ = true;
    if (answers_) co_await answers_->drain();
}

void Bus::Core::report(v1::Presence::State state, const std::string& reason) {
    // Whoever is still at work does not know that this is the end.
    if (drains_ && state != v1::Presence::STATE_GONE) return;
    show_readiness(state, reason);
    herald().set(state, reason);
}

void Bus::Core::show_answers() {
    const auto& book = answers_->book();
    const auto& numbers = book.numbers();
    metrics.counter("coven_calls_taken_total", "Calls that were begun.",
                    [&numbers] { return static_cast<double>(numbers.taken); });
    metrics.counters("coven_calls_answered_total",
                     "Calls that were answered, by status; refused ones, too.", [&numbers] {
                         std::vector<Sample> samples;
                         for (const auto& [status, count] : numbers.answered) {
                             samples.push_back({{{"status", v1::Reply::Status_Name(status)}},
                                                static_cast<double>(count)});
                         }
                         return samples;
                     });
    metrics.counter("coven_calls_malformed_total", "Commands of the broker that nobody can read.",
                    [&numbers] { return static_cast<double>(numbers.malformed); });
    metrics.gauge("coven_calls_running", "Calls that are carried out now.",
                  [&book] { return static_cast<double>(book.running()); });
    metrics.gauge("coven_answers_unconfirmed", "Answers that the broker has not confirmed.",
                  [&book] { return static_cast<double>(book.unconfirmed()); });
    metrics.counter("coven_answers_unwanted_total",
                    "Answers to calls that the broker does not know any more.",
                    [&numbers] { return static_cast<double>(numbers.unwanted); });
}

void Bus::Core::show_subscriptions() {
    const auto& seen = subscriptions;
    metrics.counter("coven_subscription_events_total", "Events that were handed out.",
                    [&seen] { return static_cast<double>(seen.events); });
    metrics.counter("coven_subscription_duplicates_total", "Repeats that were dropped.",
                    [&seen] { return static_cast<double>(seen.duplicates); });
    metrics.counter("coven_subscription_losses_total", "Times that events went missing on the bus.",
                    [&seen] { return static_cast<double>(seen.losses); });
    metrics.counter("coven_subscription_lost_events_total",
                    "Events that went missing on the bus, as far as their number is known.",
                    [&seen] { return static_cast<double>(seen.lost_events); });
    metrics.counter("coven_subscription_repairs_total",
                    "Times that what went missing on the bus was read again from history.",
                    [&seen] { return static_cast<double>(seen.repairs); });
}

void Bus::Core::show_publisher() {
    const auto& publisher = *publisher_;
    const auto show = [&](const char* name, const char* help, const std::uint64_t& count) {
        metrics.counter(name, help, [&count] { return static_cast<double>(count); });
    };
    const auto& numbers = publisher.numbers();
    show("coven_publisher_events_total", "Events that were put into the outbox.", numbers.events);
    show("coven_publisher_refused_total", "Events that the broker refused.", numbers.refused);
    show("coven_publisher_resent_total", "Events that were sent again.",
         publisher.outbox().resent());
    show("coven_publisher_acknowledged_total", "Events that the broker has acknowledged.",
         publisher.outbox().acknowledged());
    metrics.counters(
        "coven_publisher_dropped_total", "Events that were not taken, by reason.", [&numbers] {
            return std::vector<Sample>{
                {{{"reason", "outbox_full"}}, static_cast<double>(numbers.outbox_full)},
                {{{"reason", "too_large"}}, static_cast<double>(numbers.too_large)}};
        });
    metrics.gauge("coven_publisher_outbox_events", "Events that wait for an acknowledgement.",
                  [&publisher] { return static_cast<double>(publisher.outbox().size()); });
    metrics.gauge("coven_publisher_outbox_bytes",
                  "Bytes of the events that wait for an acknowledgement.",
                  [&publisher] { return static_cast<double>(publisher.outbox().bytes()); });
}

void Bus::Core::show_readiness(v1::Presence::State state, const std::string& reason) {
    if (state == v1::Presence::STATE_READY) return metrics.ready();
    constexpr std::string_view prefix = "STATE_";
    auto text = v1::Presence::State_Name(state).substr(prefix.size());
    if (!reason.empty()) text += ": " + reason;
    metrics.not_ready(text);
}

void Bus::Core::say_goodbye() {
    if (herald_) herald_->set(v1::Presence::STATE_GONE, "told to stop");
}

void Bus::Core::close() {
    closed_ = true;
    for (const auto& job : jobs_) job->stop.emit(asio::cancellation_type::terminal);
    if (publisher_) publisher_->close();
    // The goodbye may still be on its way, or the last acknowledgement.
    const bool linger = herald_ || requests_linger_;
    if (requester_) requester_->close(linger ? farewell_limit : std::chrono::milliseconds{0});
}

}  // namespace coven
