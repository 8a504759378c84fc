#pragma once

#include <zmq.hpp>

namespace coven::broker {

/// One end between two threads of this process. It drops nothing and never waits: who uses it
/// bounds what is under way.
inline zmq::socket_t inproc_pair(zmq::context_t& context) {
    zmq::socket_t socket(context, zmq::socket_type::pair);
    socket.set(zmq::sockopt::sndhwm, 0);
    socket.set(zmq::sockopt::rcvhwm, 0);
    socket.set(zmq::sockopt::linger, 0);
    return socket;
}

}  // namespace coven::broker
