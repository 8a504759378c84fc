// What the loop does for those who subscribe, and for their connections.
#include <cstring>

#include <sys/socket.h>

#include "broker.hpp"
#include "coven/log.hpp"
#include "zmq_io.hpp"

namespace coven::broker {

namespace {

/// One turn of the loop serves no more, so that no door waits for this one.
constexpr int subscriptions_per_turn = 1000;
constexpr auto cut_log_interval = std::chrono::seconds(10);

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
        next_cut_log_ = now + cut_log_interval;
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

}  // namespace coven::broker
