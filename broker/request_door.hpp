#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "desk.hpp"
#include "history_desk.hpp"

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

    /// Serves at most `most` requests that are there; `history` may be null.
    void serve(std::size_t most, const Moment& now, HistoryDesk* history);
    /// Passes on what `history` has answered.
    void serve_history(HistoryDesk& history);
    /// Sends the replies that waited for what is stored by now, or never will be.
    void serve_stored(const Storage& storage);

  private:
    using Frames = std::vector<zmq::message_t>;
    struct Waiting {
        std::uint64_t ticket;
        Frames echo;
        v1::Reply reply;
    };

    bool receive_frames();
    void serve_one(const Moment& now, HistoryDesk* history);
    Desk::Answer answer_to(const Envelope& envelope, const Moment& now);
    void ask_history(const Envelope& envelope, v1::Reply reply, HistoryDesk* history);
    void send_reply(Frames& echo, const v1::Reply& reply);
    /// Whether all of the frames went out.
    bool send_frames(Frames& frames, int flags);

    zmq::socket_t& socket_;
    Desk& desk_;
    Drops& drops_;
    Frames frames_;
    std::deque<Waiting> waiting_;
};

}  // namespace coven::broker
