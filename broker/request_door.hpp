#pragma once

#include <cstddef>
#include <vector>

#include <zmq.hpp>

#include "desk.hpp"

namespace coven::broker {

/// Where the request stands in a message of the request door: the frames before it are sent back
/// in front of the reply.
struct Envelope {
    /// Routing id, and everything up to and including the first empty frame. 0 = no answer is
    /// possible.
    std::size_t echo = 0;
    /// One frame is left for the request.
    bool whole = false;
};
Envelope read_envelope(const std::vector<zmq::message_t>& frames);

/// Moves requests to the desk and replies back.
class RequestDoor {
  public:
    /// All must outlive this.
    RequestDoor(zmq::socket_t& socket, Desk& desk, Drops& drops)
        : socket_(socket), desk_(desk), drops_(drops) {}
    RequestDoor(const RequestDoor&) = delete;
    RequestDoor& operator=(const RequestDoor&) = delete;

    /// Serves at most `most` requests that are there.
    void serve(std::size_t most, const Moment& now);

  private:
    bool receive_frames();
    void serve_one(const Moment& now);
    v1::Reply reply_to(const Envelope& envelope, const Moment& now);

    zmq::socket_t& socket_;
    Desk& desk_;
    Drops& drops_;
    std::vector<zmq::message_t> frames_;
};

}  // namespace coven::broker
