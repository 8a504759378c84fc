#include "coven/bus.hpp"

#include <algorithm>
#include <stdexcept>

#include "core.hpp"
#include "coven/result_of.hpp"
#include "run_to_end.hpp"
#include "subscription.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

asio::awaitable<void> keep(asio::awaitable<v1::Reply> asked, std::shared_ptr<v1::Reply> reply) {
    *reply = co_await std::move(asked);
}

/// The broker's word comes before the caller gives up: a tenth of the deadline, but no more, is for
/// the way.
std::chrono::milliseconds deadline_at_broker(std::chrono::milliseconds deadline) {
    constexpr std::chrono::milliseconds longest_way{250};
    return std::max(deadline - std::min(deadline / 10, longest_way), std::chrono::milliseconds(1));
}

/// Holds the core: the caller may have ended its Bus.
asio::awaitable<v1::Reply> call_with(std::shared_ptr<Bus::Core> core, v1::Request request,
                                     std::chrono::milliseconds deadline) {
    request.set_deadline_ms(static_cast<std::uint64_t>(deadline_at_broker(deadline).count()));
    auto reply = co_await result_of(core->requester().request(std::move(request), deadline));
    if (reply.has_value()) co_return std::move(*reply);
    co_return reply_of(v1::Reply::UNKNOWN, "no_answer",
                       "the broker at " + core->endpoints.request + " has not answered within " +
                           std::to_string(deadline.count()) +
                           " ms: nobody knows whether it was done");
}

}  // namespace

Endpoints Endpoints::from(const Config& config) {
    return {config.text("bus.publish"), config.text("bus.subscribe"), config.text("bus.request")};
}

Bus::Bus(Endpoints endpoints)
    : own_io_(std::make_unique<asio::io_context>(1)),
      own_clock_(std::make_unique<SystemClock>()),
      core_(std::make_shared<Core>(*own_io_, std::move(endpoints), *own_clock_, Identity{})) {}

Bus::Bus(asio::io_context& io, Endpoints endpoints, Clock& clock, Identity identity)
    : core_(std::make_shared<Core>(io, std::move(endpoints), clock, std::move(identity))) {}

Bus::~Bus() { core_->close(); }

Subscription Bus::subscribe(PatternLiteral pattern, const From& from) {
    return subscribe(std::vector<Pattern>{Pattern(pattern)}, from);
}

Subscription Bus::subscribe(std::vector<Pattern> patterns, const From& from) {
    return Subscription(Subscription::State::make(core_, std::move(patterns), from));
}

Published Bus::publish(const Topic& topic, v1::Event& event) {
    const auto now = microseconds_since_epoch(core_->clock.now());
    // What is filled in here is taken out again, so that the event can be published once more.
    const bool fill_id = event.id().empty();
    const bool fill_source = event.source().empty();
    const bool fill_received = event.received_us() == 0;
    if (fill_id) event.set_id(uuid_v7(now / 1000));
    if (fill_source)
        event.set_source("/coven/" + core_->identity.kind + "/" + core_->identity.instance);
    if (fill_received) event.set_received_us(now);
    event.set_spec_version("1.0");
    const auto published = core_->publisher().publish(topic.text(), event);
    if (fill_id) event.clear_id();
    if (fill_source) event.clear_source();
    if (fill_received) event.clear_received_us();
    return published;
}

asio::awaitable<void> Bus::room() { return core_->publisher().room(); }

asio::awaitable<void> Bus::flush(std::chrono::milliseconds limit) {
    return within(core_->clock, limit, "acknowledgement", core_->publisher().flushed());
}

asio::awaitable<v1::Reply> Bus::call(v1::Request request, std::chrono::milliseconds deadline) {
    return call_with(core_, std::move(request), deadline);
}

asio::awaitable<v1::Reply> Bus::request(v1::Request request, std::chrono::milliseconds limit) {
    return core_->requester().request(std::move(request), limit);
}

v1::Reply Bus::ask(v1::Request request, std::chrono::milliseconds limit) {
    const auto reply = std::make_shared<v1::Reply>();
    run_to_end(core_->io, keep(this->request(std::move(request), limit), reply));
    return std::move(*reply);
}

asio::awaitable<void> Bus::answer(std::string verb, Answerer answerer) {
    const auto& declared = core_->identity.verbs;
    if (std::find(declared.begin(), declared.end(), verb) == declared.end()) {
        throw std::logic_error("verb '" + verb + "' is not among those of the manifest");
    }
    return core_->answers().serve(std::move(verb), std::move(answerer));
}

void Bus::answer_for(std::vector<std::string> targets) { core_->answer_for(std::move(targets)); }

asio::awaitable<void> Bus::drain(std::chrono::milliseconds limit) {
    return within(core_->clock, limit, "end of the calls", core_->drain());
}

void Bus::report(v1::Presence::State state, const std::string& reason) {
    core_->report(state, reason);
}

void Bus::report_channel(v1::ChannelState state) { core_->herald().set_channel(std::move(state)); }

const Replicas& Bus::replicas() const { return core_->herald().replicas(); }

asio::awaitable<void> Bus::replicas_changed() { return core_->herald().replicas_changed(); }

void Bus::Core::publish_presence() {
    // Only the broker says GONE, once it hears it from the last heartbeat.
    if (!herald_ || herald_->presence().state() == v1::Presence::STATE_GONE) return;
    v1::Event event;
    event.set_id(uuid_v7(microseconds_since_epoch(clock.now()) / 1000));
    event.set_source("/coven/" + identity.kind + "/" + identity.instance);
    event.set_spec_version("1.0");
    event.set_type("coven.presence");
    event.set_received_us(microseconds_since_epoch(clock.now()));
    event.set_flags(v1::EVENT_FLAG_STATE);
    event.mutable_proto_data()->PackFrom(herald_->presence());
    // At its bound the outbox drops it; the heartbeat carries the same.
    publisher().publish("bus." + identity.kind + "." + identity.instance + ".state", event);
}

void Bus::close() {
    core_->say_goodbye();
    core_->close();
}

Clock& Bus::clock() { return core_->clock; }
Metrics& Bus::metrics() { return core_->metrics; }
const Identity& Bus::identity() const { return core_->identity; }

}  // namespace coven
