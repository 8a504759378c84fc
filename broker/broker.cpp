#include "broker.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <sys/socket.h>

#include "broker_metrics.hpp"
#include "coven/log.hpp"
#include "zmq_io.hpp"

namespace coven::broker {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// One turn of the loop serves no door longer than this, so that none waits for another.
constexpr int events_per_turn = 1000;
constexpr int subscriptions_per_turn = 1000;
constexpr std::size_t requests_per_turn = 100;
constexpr std::size_t beacons_per_turn = 1000;
/// More than twice `events_per_turn`, since each new publisher is looked at twice: the queue
/// cannot grow.
constexpr std::size_t acks_per_turn = 2500;
/// The clocks cost more than the rest of some events.
constexpr int events_per_clock = 32;

constexpr auto tick_interval = seconds(1);
constexpr auto presence_interval = milliseconds(250);
constexpr auto drops_interval = seconds(10);
/// When nothing came for so long, what was held back to be sent together goes out.
constexpr auto lull = milliseconds(1);

std::string_view view_of(const zmq::message_t& message) {
    return {static_cast<const char*>(message.data()), message.size()};
}

/// A message of ZeroMQ's monitor: 16 bits of event, 32 of value, here the file descriptor
/// (zmq_socket_monitor(3) of libzmq 4.3.4).
struct MonitorEvent {
    std::uint16_t event = 0;
    std::int32_t descriptor = -1;
};

MonitorEvent read_monitor(const zmq::message_t& message) {
    MonitorEvent read;
    if (message.size() != sizeof read.event + sizeof read.descriptor) return read;
    const auto* bytes = static_cast<const char*>(message.data());
    std::memcpy(&read.event, bytes, sizeof read.event);
    std::memcpy(&read.descriptor, bytes + sizeof read.event, sizeof read.descriptor);
    return read;
}

}  // namespace

Broker::Broker(const Settings& settings, std::uint64_t bus_epoch, Doors& doors, const Clock& clock,
               Metrics& metrics)
    : doors_(doors),
      clock_(clock),
      metrics_(metrics),
      router_(bus_epoch, settings.limits, drops_),
      announcer_(settings.id),
      desk_({router_, connections_, vitals_, connectors_, channels_, drops_}),
      request_door_(doors.request(), desk_, drops_),
      next_tick_(clock.instant()),
      last_tick_(next_tick_),
      next_presence_check_(next_tick_),
      drops_logged_at_(next_tick_) {
    vitals_.started_us = moment().unix_us;
    show({router_, connections_, vitals_, connectors_, drops_, desk_}, metrics_);
}

Moment Broker::moment() const { return {clock_.instant(), microseconds_since_epoch(clock_.now())}; }

void Broker::run(int stop) {
    while (!wait(stop)) {
        serve_publish();
        serve_subscribe();
        request_door_.serve(requests_per_turn, moment());
        watch_connections();
        do_duties();
    }
}

bool Broker::wait(int stop) {
    std::array<zmq_pollitem_t, 5> items = {{
        {doors_.publish().handle(), 0, ZMQ_POLLIN, 0},
        {doors_.subscribe().handle(), 0, ZMQ_POLLIN, 0},
        {doors_.request().handle(), 0, ZMQ_POLLIN, 0},
        {doors_.monitor().handle(), 0, ZMQ_POLLIN, 0},
        {nullptr, stop, ZMQ_POLLIN, 0},
    }};
    const auto limit = time_to_next_duty().count();
    // It may fail with EINTR after a SIGSTOP; then nothing is marked as ready.
    const int ready =
        zmq_poll(items.data(), static_cast<int>(items.size()), static_cast<long>(limit));
    if (ready == 0 && links_.gathering()) links_.rest();
    return items.back().revents != 0;
}

milliseconds Broker::time_to_next_duty() const {
    if (links_.gathering()) return lull;
    auto next = next_tick_;
    if (connectors_.size() > 0) next = std::min(next, next_presence_check_);
    if (!router_.quiet_topics().empty()) next = std::min(next, router_.quiet_topics().next_run());
    if (const auto round = router_.next_ack_round()) next = std::min(next, *round);
    const auto left = std::chrono::ceil<milliseconds>(next - clock_.instant());
    return std::max(left, milliseconds(0));
}

void Broker::serve_publish() {
    auto now = moment();
    int events = 0;
    for (; events < events_per_turn && receive(doors_.publish(), frame_); ++events) {
        if (events % events_per_clock == events_per_clock - 1) now = moment();
        serve_event(now);
    }
    vitals_.received += static_cast<std::uint64_t>(events);
    for (const auto id : router_.producers().take_urgent()) send_ack(id, now);
}

void Broker::serve_event(const Moment& now) {
    if (frame_.more()) {
        skip_rest(doors_.publish(), frame_);
        return drops_.count(Drop::frame_malformed);
    }
    const auto size = frame_.size();
    auto* bytes = static_cast<char*>(frame_.data());
    const auto outcome = router_.take({bytes, size}, Router::From::publisher, now);
    if (outcome == Router::Outcome::dropped) return;
    // Writing into a received frame is safe while nobody else holds it: it came over tcp or ipc
    // and was not sent yet.
    if (outcome == Router::Outcome::stamped) return hand_on(frame_);
    zmq::message_t longer(size + tail_bytes);
    std::memcpy(longer.data(), bytes, size);
    std::memcpy(static_cast<char*>(longer.data()) + size, router_.tail().data(), tail_bytes);
    hand_on(longer);
}

void Broker::hand_on(zmq::message_t& frame) {
    // A journal takes its copy of the bytes here, before the frame is gone.
    send(doors_.subscribe(), frame);
}

void Broker::publish_own(std::string frame, const Moment& now) {
    const auto outcome = router_.take({frame.data(), frame.size()}, Router::From::broker, now);
    if (outcome == Router::Outcome::dropped) return;
    const auto& tail = router_.tail();
    if (outcome == Router::Outcome::tail_needed) frame.append(tail.data(), tail.size());
    zmq::message_t message(frame);
    hand_on(message);
}

void Broker::serve_subscribe() {
    const auto now = moment();
    for (int i = 0; i < subscriptions_per_turn && receive(doors_.subscribe(), frame_); ++i) {
        // libzmq told of this connection, and of the end of the one that had its descriptor
        // before, ere it handed out the frame.
        watch_connections();
        serve_subscription(now);
    }
}

void Broker::serve_subscription(const Moment& now) {
    const auto subscription = read_subscription(view_of(frame_));
    if (!subscription) {
        skip_rest(doors_.subscribe(), frame_);
        return drops_.count(Drop::subscription_malformed);
    }
    auto* connection = connections_.count(*subscription, frame_);
    if (connection == nullptr || connection->cut()) return;
    const auto broken = Connections::limit_broken(*connection, *subscription);
    if (broken) return cut(connection->descriptor(), *broken);
    if (!subscription->subscribe) return;
    if (subscription->kind == Subscription::Kind::ack) send_ack(subscription->producer_id, now);
    if (subscription->kind != Subscription::Kind::barrier) return;
    const auto answer = barrier(router_, connection->prefixes());
    send(doors_.subscribe(), frame_of(subscription->topic, answer));
}

void Broker::cut(int descriptor, Drop reason) {
    drops_.count(reason);
    auto* connection = connections_.find(descriptor);
    // Whoever comes back at once and does it again cannot fill the log.
    const auto now = clock_.instant();
    if (now >= next_cut_log_) {
        log::warn("subscriber_cut", {{"reason", word(reason)},
                                     {"descriptor", descriptor},
                                     {"prefixes", connection ? connection->prefixes() : 0}});
        next_cut_log_ = now + drops_interval;
    }
    if (connection != nullptr) Connections::mark_cut(*connection);
    // libzmq closes the descriptor when it sees the end.
    shutdown(descriptor, SHUT_RDWR);
}

void Broker::watch_connections() {
    zmq::message_t event;
    while (receive(doors_.monitor(), event)) {
        const auto read = read_monitor(event);
        skip_rest(doors_.monitor(), event);
        connections_.forget(read.descriptor);
        links_.closed(read.descriptor);
        if (read.event == ZMQ_EVENT_ACCEPTED) links_.opened(read.descriptor, clock_.instant());
    }
    vitals_.subscribers = links_.size();
}

void Broker::look_at_links() {
    // A descriptor whose connection ended belongs to somebody else by now.
    watch_connections();
    for (const int descriptor : links_.look(clock_.instant())) {
        cut(descriptor, Drop::reader_stuck);
        links_.closed(descriptor);
    }
}

void Broker::do_duties() {
    const auto now = moment();
    send_acks(now);
    announce_gone(now);
    router_.quiet_topics().run(now.instant, beacons_per_turn, [this](const TopicEntry& topic) {
        send(doors_.subscribe(), beacon_frame(topic, router_.bus_epoch()));
    });
    if (links_.look_due(now.instant)) look_at_links();
    if (now.instant >= next_tick_) tick(now);
}

void Broker::send_acks(const Moment& now) {
    if (router_.ack_round_due(now)) router_.start_ack_round(now);
    auto budget = acks_per_turn;
    while (const auto id = router_.next_ack(budget, now)) send_ack(*id, now);
}

void Broker::send_ack(std::uint64_t producer_id, const Moment& now) {
    ++vitals_.acks;
    const auto ack = router_.producers().ack(producer_id, router_.bus_epoch(), now);
    send(doors_.subscribe(), frame_of(ack_topic(producer_id), ack));
}

void Broker::announce_gone(const Moment& now) {
    if (now.instant < next_presence_check_ && !connectors_.has_news()) return;
    next_presence_check_ = now.instant + presence_interval;
    for (const auto& presence : connectors_.take_gone(now)) {
        log::info("connector_gone", {{"instance", presence.instance()},
                                     {"kind", presence.kind()},
                                     {"reason", presence.reason()}});
        channels_.lose(presence, now);
        publish_own(announcer_.gone_frame(presence, now), now);
    }
}

void Broker::tick(const Moment& now) {
    const std::chrono::duration<double> passed = now.instant - last_tick_;
    const auto events = static_cast<double>(router_.head() - last_tick_head_);
    vitals_.rate = passed.count() > 0 ? events / passed.count() : 0;
    metrics_.turn(now.instant - next_tick_);
    last_tick_ = now.instant;
    last_tick_head_ = router_.head();
    // After a long stop there is no need to make up for what was missed.
    next_tick_ = std::max(next_tick_ + tick_interval, now.instant);
    send(doors_.subscribe(), announcer_.tick_frame(router_, now));
    router_.producers().forget_old(now);
    channels_.forget_old(now);
    log_drops(now);
}

void Broker::log_drops(const Moment& now) {
    if (now.instant - drops_logged_at_ < drops_interval) return;
    const auto grown = drops_.since(drops_logged_);
    if (grown.empty()) return;
    log::warn("dropped", {{"reasons", grown}});
    drops_logged_ = drops_;
    drops_logged_at_ = now.instant;
}

}  // namespace coven::broker
