#include "answers.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "core.hpp"
#include "coven/command.hpp"
#include "coven/log.hpp"
#include "coven/race.hpp"
#include "coven/result_of.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

/// An answer that the broker has not confirmed is sent again.
constexpr auto resend_after = std::chrono::seconds(1);
constexpr std::chrono::milliseconds longest_retry{10000};
/// A late outcome is better than none; a call that hangs keeps its place no longer than this.
constexpr auto overtime = std::chrono::seconds(10);
/// Heartbeats are answered once a second. Where none was for longer, this program may have stood
/// still, and what it reads now may have waited all that time.
constexpr auto stillness = std::chrono::seconds(2);
constexpr std::uint64_t longest_deadline_ms = std::uint64_t{24} * 3600 * 1000;

v1::Reply interrupted() {
    return reply_of(v1::Reply::UNKNOWN, "interrupted",
                    "the connector had to stop while it had the call: nobody knows whether it was "
                    "done");
}

v1::Reply overdue() {
    return reply_of(v1::Reply::UNKNOWN, "deadline_passed",
                    "the connector gave the call up 10 s after its deadline: nobody knows whether "
                    "it was done");
}

/// What the time that it may have waited leaves of its deadline.
void shorten(v1::Request& call, Duration age) {
    const auto waited = std::chrono::ceil<std::chrono::milliseconds>(age).count();
    const auto left = std::min(call.deadline_ms(), longest_deadline_ms);
    call.set_deadline_ms(left - std::min(left, static_cast<std::uint64_t>(waited)));
}

std::chrono::milliseconds pause_before_retry(const v1::Reply& reply) {
    const auto wanted = std::min<std::uint64_t>(reply.retry_after_ms(), longest_retry.count());
    return std::max<std::chrono::milliseconds>(std::chrono::milliseconds(wanted), resend_after);
}

void pass_on(const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

/// A verb is answered as long as this lives.
class Answers::Registration {
  public:
    Registration(Answers& answers, std::string verb, const Shared& service)
        : answers_(answers), verb_(std::move(verb)) {
        if (!answers_.services_.emplace(verb_, service).second) {
            throw std::logic_error("verb '" + verb_ + "' is answered already");
        }
        answers_.core_.tell_claims();
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
    ~Registration() {
        answers_.services_.erase(verb_);
        answers_.core_.tell_claims();
    }

  private:
    Answers& answers_;
    std::string verb_;
};

Answers::Answers(Bus::Core& core) : core_(core), progress_(core.io) {}

std::vector<std::string> Answers::verbs() const {
    std::vector<std::string> verbs;
    verbs.reserve(services_.size());
    for (const auto& [verb, service] : services_) verbs.push_back(verb);
    return verbs;
}

asio::awaitable<void> Answers::serve(std::string verb, Answerer answerer) {
    // Apart, as it forgets that it was cancelled: its caller must not.
    auto serving = serve_to_the_end(std::move(verb), std::move(answerer));
    co_await asio::co_spawn(core_.io, std::move(serving), asio::use_awaitable);
}

asio::awaitable<void> Answers::serve_to_the_end(std::string verb, Answerer answerer) {
    const auto keep = core_.shared_from_this();
    const auto service = std::make_shared<Service>();
    service->answerer = std::move(answerer);
    std::exception_ptr cancelled;
    Notice never(core_.io);
    try {
        const Registration registration(*this, std::move(verb), service);
        for (;;) co_await never.wait();
    } catch (const boost::system::system_error&) {
        cancelled = std::current_exception();
    }
    // This one is to be stopped, but not before those that it has begun.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    const auto running = service->running;
    for (const auto& [number, signal] : running) signal->emit(asio::cancellation_type::terminal);
    while (!service->running.empty()) co_await progress_.wait();
    std::rethrow_exception(cancelled);
}

void Answers::take(std::string_view frame, Duration age) {
    v1::Request call;
    if (!call.ParseFromArray(frame.data(), static_cast<int>(frame.size())) || call.id().empty()) {
        book_.count_malformed();
        return log::warn("command_malformed", {{"bytes", frame.size()}});
    }
    if (age > stillness) shorten(call, age);
    const auto found = services_.find(call.verb());
    auto refusal = book_.refusal(call);
    if (!refusal && found == services_.end()) {
        refusal = reply_of(v1::Reply::NO_ROUTE, "verb_unanswered",
                           "the connector does not answer '" + call.verb() + "' now: not tried");
    }
    if (!refusal) return start(std::move(call), found->second);
    book_.has_room() ? tell(call, std::move(*refusal)) : tell_once(call, std::move(*refusal));
}

void Answers::start(v1::Request call, const Shared& service) {
    book_.begin();
    const auto number = ++last_number_;
    auto& stop = core_.start(carry_out(service, std::move(call), number), pass_on);
    service->running.emplace(number, &stop);
}

asio::awaitable<void> Answers::carry_out(Shared service, v1::Request call, std::uint64_t number) {
    auto reply = co_await outcome(service, call);
    service->running.erase(number);
    book_.end();
    tell(call, std::move(reply));
    progress_.wake();
}

asio::awaitable<v1::Reply> Answers::outcome(const Shared& service, const v1::Request& call) {
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    const auto limit = std::chrono::milliseconds(call.deadline_ms()) + overtime;
    try {
        auto work = service->answerer(call);
        auto first = co_await race(std::move(work), core_.clock.sleep(limit));
        if (first.index() == 0) co_return std::get<0>(std::move(first));
    } catch (const std::exception& failure) {
        const bool stopped = cancellation.cancelled() != asio::cancellation_type::none;
        if (stopped) co_return interrupted();
        co_return reply_of(v1::Reply::FAILED, "failed", failure.what());
    }
    co_return overdue();
}

void Answers::tell(const v1::Request& call, v1::Reply reply) {
    if (core_.is_closed()) return;
    auto answer = request_of("connector.answer", book_.answer(call, std::move(reply)));
    book_.keep(answer.ByteSizeLong());
    core_.start(deliver(std::move(answer)), pass_on);
}

void Answers::tell_once(const v1::Request& call, v1::Reply reply) {
    core_.requester().tell(request_of("connector.answer", book_.answer(call, std::move(reply))));
}

/// The broker does not know the call any more: it was told before, or has been given up.
void Answers::give_up(const v1::Request& answer, const v1::Reply& reason) {
    book_.count_unwanted();
    v1::Reply reply;
    answer.payload().UnpackTo(&reply);
    log::warn("answer_unwanted", {{"call", reply.id()},
                                  {"status", v1::Reply::Status_Name(reply.status())},
                                  {"reason", reason.code()}});
}

asio::awaitable<void> Answers::deliver(v1::Request answer) {
    bool confirmed = false;
    while (!confirmed) confirmed = co_await is_confirmed(answer);
    book_.confirm(answer.ByteSizeLong());
    progress_.wake();
}

asio::awaitable<bool> Answers::is_confirmed(const v1::Request& answer) {
    auto& requester = core_.requester();
    const auto heard = requester.heard();
    auto told = co_await result_of(requester.request(answer, resend_after));
    if (told.has_error()) {
        // While the broker is away one copy waits for it, not one a second.
        while (requester.heard() == heard) co_await core_.clock.sleep(resend_after);
        co_return false;
    }
    const auto status = told->status();
    if (status == v1::Reply::RATE_LIMITED || status == v1::Reply::UNKNOWN) {
        co_await core_.clock.sleep(pause_before_retry(*told));
        co_return false;
    }
    if (status != v1::Reply::OK) give_up(answer, *told);
    co_return true;
}

asio::awaitable<void> Answers::drain() {
    book_.stop_taking();
    while (!book_.is_idle()) co_await progress_.wait();
}

}  // namespace coven
