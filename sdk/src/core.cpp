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
    : io(loop), endpoints(std::move(doors)), clock(time), identity(std::move(who)) {}

Bus::Core::Job& Bus::Core::free_job() {
    for (const auto& job : jobs_) {
        if (!job->running) return *job;
    }
    return *jobs_.emplace_back(std::make_unique<Job>());
}

void Bus::Core::start(asio::awaitable<void> job, Ended ended) {
    auto& place = free_job();
    place.running = true;
    // The handler outlives the job's frames, and so must what they refer to.
    const auto finish = [keep = shared_from_this(), &place,
                         ended = std::move(ended)](const std::exception_ptr& failure) {
        place.running = false;
        if (!keep->closed_) ended(failure);
    };
    asio::co_spawn(io, std::move(job), asio::bind_cancellation_slot(place.stop.slot(), finish));
}

Publisher& Bus::Core::publisher() {
    if (!publisher_) {
        publisher_.emplace(io, context, endpoints, clock);
        start(publisher_->run([this] { publish_presence(); }), pass_on);
    }
    return *publisher_;
}

Requester& Bus::Core::requester() {
    if (!requester_) {
        requester_.emplace(io, context, endpoints.request, clock);
        start(requester_->run(), pass_on);
    }
    return *requester_;
}

Herald& Bus::Core::herald() {
    if (!herald_) {
        herald_.emplace(requester(), clock, identity);
        start(herald_->run(), pass_on);
    }
    return *herald_;
}

void Bus::Core::say_goodbye() {
    if (!herald_ || !herald_->set(v1::Presence::STATE_GONE, "told to stop")) return;
    herald_->beat();
}

void Bus::Core::close() {
    closed_ = true;
    for (const auto& job : jobs_) job->stop.emit(asio::cancellation_type::terminal);
    if (publisher_) publisher_->close();
    // The goodbye may still be on its way.
    if (requester_) requester_->close(herald_ ? farewell_limit : std::chrono::milliseconds{0});
}

}  // namespace coven
