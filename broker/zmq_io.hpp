#pragma once

#include <string_view>

#include <zmq.hpp>

namespace coven::broker {

/// False: there is nothing to receive now.
inline bool receive(zmq::socket_t& socket, zmq::message_t& message) {
    return zmq_msg_recv(message.handle(), socket.handle(), ZMQ_DONTWAIT) >= 0;
}

/// Never waits. False: not sent, `zmq_errno` says why. After true `message` is empty.
inline bool send(zmq::socket_t& socket, zmq::message_t& message, int flags = 0) {
    return zmq_msg_send(message.handle(), socket.handle(), ZMQ_DONTWAIT | flags) >= 0;
}

inline bool send(zmq::socket_t& socket, std::string_view bytes, int flags = 0) {
    zmq::message_t message(bytes);
    return send(socket, message, flags);
}

inline std::string_view view_of(const zmq::message_t& message) {
    return {static_cast<const char*>(message.data()), message.size()};
}

/// Reads the parts of a message whose first part was received, and drops them.
inline void skip_rest(zmq::socket_t& socket, zmq::message_t& message) {
    while (message.more() && receive(socket, message)) continue;
}

}  // namespace coven::broker
