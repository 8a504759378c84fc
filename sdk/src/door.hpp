#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace coven {

/// ZeroMQ's context, shared by the sockets of one Bus.
class DoorContext {
  public:
    DoorContext();
    DoorContext(const DoorContext&) = delete;
    DoorContext& operator=(const DoorContext&) = delete;
    ~DoorContext();

    class Parts;
    Parts& parts() { return *parts_; }

  private:
    std::unique_ptr<Parts> parts_;
};

/// One client socket at one of the broker's doors, awaitable in an Asio loop. Not thread-safe.
///
/// ZeroMQ's descriptor is edge-triggered (zmq_getsockopt(3), ZMQ_FD, read 2026-11-22): receive
/// until there is nothing left, then wait. Any call on the socket may swallow an edge, so each one
/// made while somebody waits wakes the waiter to look again.
class Door {
  public:
    enum class Kind { publish, subscribe, request };

    /// Connects in the background. `io` and `context` must outlive the Door. Throws
    /// std::runtime_error, naming the endpoint, when that is no address.
    Door(boost::asio::io_context& io, DoorContext& context, Kind kind, std::string endpoint);
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;
    ~Door();

    /// False: no room, nothing was sent.
    bool try_send(std::string_view frame);
    /// The last frame of the next message, valid until the next call; nothing when there is none.
    std::optional<std::string_view> try_receive();
    /// All frames of the next message, valid until the next call; none when there is none.
    const std::vector<std::string_view>& try_receive_frames();
    /// Returns when it may be worth trying again, or for no reason.
    boost::asio::awaitable<void> wait();

    void subscribe(std::string_view prefix);
    void unsubscribe(std::string_view prefix);
    /// Gives up the connection and dials again; subscriptions are kept.
    void reconnect();
    /// What is not sent yet has this long, in the background.
    void close(std::chrono::milliseconds linger);

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace coven
