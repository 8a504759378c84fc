#include "coven/bus.hpp"

#include "core.hpp"
#include "run_to_end.hpp"
#include "subscription.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

asio::awaitable<void> keep(asio::awaitable<v1::Reply> asked, std::shared_ptr<v1::Reply> reply) {
    *reply = co_await std::move(asked);
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

asio::awaitable<v1::Reply> Bus::request(v1::Request request, std::chrono::milliseconds limit) {
    return core_->requester().request(std::move(request), limit);
}

v1::Reply Bus::ask(v1::Request request, std::chrono::milliseconds limit) {
    const auto reply = std::make_shared<v1::Reply>();
    run_to_end(core_->io, keep(this->request(std::move(request), limit), reply));
    return std::move(*reply);
}

void Bus::report(v1::Presence::State state, const std::string& reason) {
    core_->show_readiness(state, reason);
    core_->herald().set(state, reason);
}

void Bus::report_channel(v1::ChannelState state) { core_->herald().set_channel(std::move(state)); }

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
