#pragma once

#include <deque>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <zmq.hpp>

#include "coven/bus.hpp"
#include "coven/temp_folder.hpp"
#include "notice.hpp"

namespace coven {

/// A request door that the test plays: a real ROUTER, so that a connector's side is seen as a
/// broker sees it. It answers heartbeats by itself.
class PlayedBroker {
  public:
    explicit PlayedBroker(boost::asio::io_context& io);
    ~PlayedBroker();

    Endpoints endpoints() const;
    /// The next request that is no heartbeat.
    boost::asio::awaitable<v1::Request> next();
    /// Requests that `next` would give at once.
    std::size_t waiting() const { return requests_.size(); }
    /// Returns once a heartbeat has said `verb`.
    boost::asio::awaitable<void> until_said(std::string verb);
    /// The last heartbeat.
    const v1::ConnectorReady& ready() const { return ready_; }

    void answer(const v1::Request& request, v1::Reply::Status status, const std::string& code = "");
    /// To whoever sent the last heartbeat.
    void hand_over(const v1::Request& call);
    void send_command(const std::string& frame);
    /// It reads and says nothing.
    void freeze();
    void thaw();

  private:
    boost::asio::awaitable<void> listen();
    bool take_one();

    TempFolder folder_;
    zmq::context_t context_{1};
    zmq::socket_t socket_{context_, zmq::socket_type::router};
    bool frozen_ = false;
    boost::asio::posix::stream_descriptor descriptor_;
    boost::asio::cancellation_signal stop_;
    std::string connector_;
    v1::ConnectorReady ready_;
    std::deque<v1::Request> requests_;
    Notice thawed_;
    Notice news_;
};

}  // namespace coven
