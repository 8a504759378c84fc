#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "desk.hpp"
#include "envelope.hpp"
#include "history_desk.hpp"

namespace coven::broker {

/// Moves requests to the desk and replies back, commands to connectors.
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
    /// Sends the replies and the commands that are in `calls`.
    void serve_calls(CallDesk& calls, const Moment& now);

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
    void ask_history(const Envelope& envelope, const std::string& request_id, HistoryDesk* history);
    void send_reply(Frames& echo, const v1::Reply& reply);
    bool send_command(const CallDesk::Command& command);
    /// Whether all of the frames went out.
    bool send_frames(Frames& frames, int flags);

    zmq::socket_t& socket_;
    Desk& desk_;
    Drops& drops_;
    Frames frames_;
    std::deque<Waiting> waiting_;
};

}  // namespace coven::broker
