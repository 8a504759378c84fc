#include "core.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace asio = boost::asio;

namespace coven {

namespace {

constexpr std::chrono::milliseconds farewell_limit{200};

}  // namespace

Bus::Core::Core(asio::io_context& loop, Endpoints doors, Clock& time, Identity who)
    : io(loop), endpoints(std::move(doors)), clock(time), identity(std::move(who)) {}

void Bus::Core::start(asio::awaitable<void> job) {
    jobs_.push_back(std::make_unique<asio::cancellation_signal>());
    const auto keep = shared_from_this();
    // The handler outlives the job's frames, and so must what they refer to.
    const auto ended = [keep](const std::exception_ptr& failure) {
        if (failure && !keep->closed_) std::rethrow_exception(failure);
    };
    asio::co_spawn(io, std::move(job), asio::bind_cancellation_slot(jobs_.back()->slot(), ended));
}

Publisher& Bus::Core::publisher() {
    if (!publisher_) {
        publisher_.emplace(io, context, endpoints, clock);
        start(publisher_->run([this] { publish_presence(); }));
    }
    return *publisher_;
}

Requester& Bus::Core::requester() {
    if (!requester_) {
        requester_.emplace(io, context, endpoints.request, clock);
        start(requester_->run());
    }
    return *requester_;
}

Herald& Bus::Core::herald() {
    if (!herald_) {
        herald_.emplace(requester(), clock, identity);
        start(herald_->run());
    }
    return *herald_;
}

void Bus::Core::say_goodbye() {
    if (!herald_ || !herald_->set(v1::Presence::STATE_GONE, "told to stop")) return;
    herald_->beat();
}

void Bus::Core::close() {
    closed_ = true;
    for (const auto& job : jobs_) job->emit(asio::cancellation_type::terminal);
    if (publisher_) publisher_->close();
    // The goodbye may still be on its way.
    if (requester_) requester_->close(herald_ ? farewell_limit : std::chrono::milliseconds{0});
}

}  // namespace coven
