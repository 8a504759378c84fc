#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "coven/clock.hpp"
#include "coven/v1/request.pb.h"
#include "door.hpp"
#include "notice.hpp"

namespace coven {

/// Asks the broker's request door and finds the reply that belongs to each request. Commands of the
/// broker come the same way.
class Requester {
  public:
    /// Gets the last frame of a command, and for how long at most it was on its way.
    using TakeCommand = std::function<void(std::string_view frame, Duration age)>;

    Requester(boost::asio::io_context& io, DoorContext& context, std::string endpoint,
              Clock& clock);

    /// Sends when it is awaited. The reply, or TimedOut after `limit`.
    boost::asio::awaitable<v1::Reply> request(v1::Request request, Duration limit);
    /// Sends and does not look at the reply.
    void tell(v1::Request request);
    /// Receives replies, and commands for `take`, until cancelled.
    boost::asio::awaitable<void> run(TakeCommand take);
    /// Grows with each message of the broker.
    std::uint64_t heard() const { return heard_; }
    void close(std::chrono::milliseconds linger) { door_.close(linger); }

  private:
    struct Pending {
        Pending(boost::asio::io_context& io, Instant now) : arrived(io), sent(now) {}

        Notice arrived;
        Instant sent;
        std::optional<v1::Reply> reply;
    };

    using AllPending = std::map<std::string, std::shared_ptr<Pending>>;

    void send(v1::Request& request);
    void take_reply(std::string_view frame);
    static boost::asio::awaitable<void> arrival(std::shared_ptr<Pending> pending);

    boost::asio::io_context& io_;
    Clock& clock_;
    Door door_;
    std::uint64_t next_id_ = 1;
    std::uint64_t heard_ = 0;
    /// When the youngest request was sent that has its reply. The broker's messages come in order:
    /// whatever is read now it has sent later.
    Instant answered_since_;
    /// Shared with the frames that wait, which may live as long as the loop does.
    std::shared_ptr<AllPending> pending_ = std::make_shared<AllPending>();
};

}  // namespace coven
