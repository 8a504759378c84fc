#include "doors.hpp"

#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace coven::broker {

namespace {

// wire.md "Doors".
constexpr std::int64_t max_message_bytes = 1 << 20;
constexpr int handshake_ms = 3000;
constexpr int heartbeat_ms = 5000;
constexpr int heartbeat_timeout_ms = 15000;
constexpr int heartbeat_ttl_ms = 20000;
/// Messages per reader that does not keep up; then it loses messages and sees that it does.
constexpr int subscribe_send_messages = 50'000;
/// What a slow broker lets pile up per connection before it pushes back.
constexpr int publish_receive_messages = 10'000;
/// A reply may have 1 MiB: what one client that reads none may cost.
constexpr int request_send_messages = 1000;
constexpr int request_receive_messages = 2000;
/// How long a clean end waits for readers to take what was sent.
constexpr int linger_ms = 100;

void set_common(zmq::socket_t& socket) {
    socket.set(zmq::sockopt::maxmsgsize, max_message_bytes);
    socket.set(zmq::sockopt::handshake_ivl, handshake_ms);
    socket.set(zmq::sockopt::heartbeat_ivl, heartbeat_ms);
    socket.set(zmq::sockopt::heartbeat_timeout, heartbeat_timeout_ms);
    socket.set(zmq::sockopt::heartbeat_ttl, heartbeat_ttl_ms);
    socket.set(zmq::sockopt::ipv6, true);
    socket.set(zmq::sockopt::linger, linger_ms);
}

constexpr const char* monitor_endpoint = "inproc://subscribe-door";

/// Who waits at `endpoint`, if it is an ipc:// one: libzmq would take the path away from a broker
/// that runs (it removes the file before it binds; src/ipc_listener.cpp of 4.3.4, read 2026-11-22).
bool somebody_listens(const std::string& endpoint) {
    constexpr std::string_view scheme = "ipc://";
    if (!endpoint.starts_with(scheme)) return false;
    const auto path = endpoint.substr(scheme.size());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    // EAGAIN: it has more callers than it takes, so it is there.
    const bool answered = connect(probe, generic, sizeof address) == 0 || errno == EAGAIN;
    close(probe);
    return answered;
}

Result<void> bind(zmq::socket_t& socket, const char* door, const std::string& endpoint) {
    const bool taken = somebody_listens(endpoint);
    if (!taken && zmq_bind(socket.handle(), endpoint.c_str()) == 0) return {};
    const int reason = taken ? EADDRINUSE : zmq_errno();
    const auto advice = reason == EADDRINUSE
                            ? std::string(": does another broker run? stop it, or set [bus] ")
                            : std::string(": set [bus] ");
    return Error(std::string("cannot open the ") + door + " door at '" + endpoint +
                 "': " + zmq_strerror(reason) + advice + door + " to another address");
}

/// Where `socket` is bound. libzmq says tcp://[::ffff:127.0.0.1]:5555 since IPv6 is on; a client
/// without IPv6 could not connect to that.
std::string endpoint_of(const zmq::socket_t& socket) {
    constexpr std::string_view mapped = "[::ffff:";
    auto endpoint = socket.get(zmq::sockopt::last_endpoint);
    const auto begin = endpoint.find(mapped);
    if (begin == std::string::npos) return endpoint;
    endpoint.erase(endpoint.find(']', begin), 1);
    return endpoint.erase(begin, mapped.size());
}

}  // namespace

Doors::Doors()
    : publish_(context_, zmq::socket_type::pull),
      subscribe_(context_, zmq::socket_type::xpub),
      request_(context_, zmq::socket_type::router),
      monitor_(context_, zmq::socket_type::pair) {
    set_common(publish_);
    publish_.set(zmq::sockopt::rcvhwm, publish_receive_messages);

    // VERBOSE only: MANUAL uses memory after it is freed in libzmq 4.3.4 (libzmq PR #4137), and
    // with NODROP one frozen reader stops all.
    set_common(subscribe_);
    subscribe_.set(zmq::sockopt::xpub_verbose, true);
    subscribe_.set(zmq::sockopt::sndhwm, subscribe_send_messages);
    // A bound here loses subscriptions of a client that comes back with many.
    subscribe_.set(zmq::sockopt::rcvhwm, 0);

    // No HANDOVER: a second client with the same routing id would get the first one's replies.
    set_common(request_);
    request_.set(zmq::sockopt::router_mandatory, true);
    request_.set(zmq::sockopt::sndhwm, request_send_messages);
    request_.set(zmq::sockopt::rcvhwm, request_receive_messages);
}

Result<std::unique_ptr<Doors>> Doors::open(const Endpoints& endpoints) {
    std::unique_ptr<Doors> doors(new Doors);
    const int events = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED;
    if (zmq_socket_monitor(doors->subscribe_.handle(), monitor_endpoint, events) != 0) {
        return Error(std::string("cannot watch the subscribe door: ") + zmq_strerror(zmq_errno()));
    }
    // Unbounded: with a bound libzmq's own thread would wait for us.
    doors->monitor_.set(zmq::sockopt::rcvhwm, 0);
    doors->monitor_.connect(monitor_endpoint);
    auto bound = bind(doors->publish_, "publish", endpoints.publish);
    if (bound.has_value()) bound = bind(doors->subscribe_, "subscribe", endpoints.subscribe);
    if (bound.has_value()) bound = bind(doors->request_, "request", endpoints.request);
    if (bound.has_error()) return bound.error();
    return doors;
}

Endpoints Doors::endpoints() const {
    return {endpoint_of(publish_), endpoint_of(subscribe_), endpoint_of(request_)};
}

}  // namespace coven::broker
