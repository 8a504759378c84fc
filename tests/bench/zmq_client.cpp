#include "zmq_client.hpp"

#include <cstdlib>
#include <iostream>

namespace bench {

namespace {

constexpr std::int64_t max_message_bytes = 2 << 20;
constexpr int heartbeat_ms = 5000;
constexpr int heartbeat_timeout_ms = 15000;
constexpr int deadline_ms = 20'000;

}  // namespace

void fail(const char* what) {
    std::cerr << what << ": " << zmq_strerror(zmq_errno()) << '\n';
    std::exit(1);
}

void set_common(zmq::socket_t& socket) {
    socket.set(zmq::sockopt::maxmsgsize, max_message_bytes);
    socket.set(zmq::sockopt::heartbeat_ivl, heartbeat_ms);
    socket.set(zmq::sockopt::heartbeat_timeout, heartbeat_timeout_ms);
    socket.set(zmq::sockopt::ipv6, true);
    socket.set(zmq::sockopt::sndtimeo, deadline_ms);
    socket.set(zmq::sockopt::rcvtimeo, deadline_ms);
    socket.set(zmq::sockopt::linger, deadline_ms);
}

}  // namespace bench
