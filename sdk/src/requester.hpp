#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/v1/request.pb.h"
#include "door.hpp"
#include "notice.hpp"

namespace coven {

/// Asks the broker's request door and finds the reply that belongs to each request.
class Requester {
  public:
    Requester(boost::asio::io_context& io, DoorContext& context, std::string endpoint,
              Clock& clock);

    /// Sends when it is awaited. The reply, or TimedOut after `limit`.
    boost::asio::awaitable<v1::Reply> request(v1::Request request, Duration limit);
    /// Sends and does not look at the reply.
    void tell(v1::Request request);
    /// Receives replies until cancelled.
    boost::asio::awaitable<void> run();
    void close(std::chrono::milliseconds linger) { door_.close(linger); }

  private:
    struct Pending {
        explicit Pending(boost::asio::io_context& io) : arrived(io) {}

        Notice arrived;
        std::optional<v1::Reply> reply;
    };

    using AllPending = std::map<std::string, std::shared_ptr<Pending>>;

    void send(v1::Request& request);
    static boost::asio::awaitable<void> arrival(std::shared_ptr<Pending> pending);

    boost::asio::io_context& io_;
    Clock& clock_;
    Door door_;
    std::uint64_t next_id_ = 1;
    /// Shared with the frames that wait, which may live as long as the loop does.
    std::shared_ptr<AllPending> pending_ = std::make_shared<AllPending>();
};

}  // namespace coven
