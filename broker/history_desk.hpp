#pragma once

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "coven/v1/history.pb.h"
#include "coven/v1/request.pb.h"
#include "journal/history.hpp"
#include "journal/journal.hpp"

namespace coven::broker {

/// The reply to a `history.read`. Its id is not filled in.
v1::Reply answer_history(const History& history, const v1::Request& request);

/// Answers `history.read` in a thread of its own, since it reads the disk. All of this is for the
/// loop's thread.
class HistoryDesk {
  public:
    /// A message of the request door: what is echoed, and the request or the reply as last frame.
    using Frames = std::vector<zmq::message_t>;

    /// Both must outlive this.
    HistoryDesk(zmq::context_t& context, const Journal& journal);
    HistoryDesk(const HistoryDesk&) = delete;
    HistoryDesk& operator=(const HistoryDesk&) = delete;
    /// Waits for the answer that is being made.
    ~HistoryDesk();

    /// False: so many wait already that this one is not taken.
    bool ask(Frames& frames);
    /// Empties `frames` and fills them with the next answer. False: none is ready.
    bool take(Frames& frames, v1::Reply::Status& status);
    /// To poll for reading.
    zmq::socket_t& socket() { return socket_; }

  private:
    zmq::socket_t socket_;
    std::size_t waiting_ = 0;
    // The thread's alone.
    zmq::socket_t other_end_;
    std::unique_ptr<History> history_;
    std::thread thread_;
};

}  // namespace coven::broker
