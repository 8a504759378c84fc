#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/bus.hpp"
#include "coven/clock.hpp"
#include "door.hpp"
#include "notice.hpp"
#include "outbox.hpp"

namespace coven {

/// Sends events to the broker until it has acknowledged them.
class Publisher {
  public:
    Publisher(boost::asio::io_context& io, DoorContext& context, const Endpoints& endpoints,
              Clock& clock);

    /// `event` lacks only its tail.
    Published publish(const std::string& topic, v1::Event& event);
    boost::asio::awaitable<void> room();
    boost::asio::awaitable<void> flushed();
    std::size_t unacknowledged() const { return outbox_.size(); }
    const Outbox& outbox() const { return outbox_; }
    struct Numbers {
        std::uint64_t events = 0;
        std::uint64_t refused = 0;
        std::uint64_t outbox_full = 0;
        std::uint64_t too_large = 0;
    };
    const Numbers& numbers() const { return numbers_; }

    /// Reads acknowledgements and sends again, until cancelled. Calls `new_epoch` when the broker
    /// has started anew.
    boost::asio::awaitable<void> run(std::function<void()> new_epoch);
    void close();

  private:
    boost::asio::awaitable<void> read_acks(std::function<void()> new_epoch);
    boost::asio::awaitable<void> keep_sending();
    boost::asio::awaitable<void> ask_again();
    void take(const v1::PublishAck& ack, const std::function<void()>& new_epoch);
    boost::asio::awaitable<void> send_gathered();
    void send_soon();
    void send_waiting();
    std::string ack_topic() const;

    Clock& clock_;
    Door events_;
    Door acks_;
    Outbox outbox_;
    Numbers numbers_;
    Instant last_sent_{};
    std::string asked_;
    bool progress_ = false;
    /// The broker has not acknowledged anything for a while, and we said so.
    bool silent_ = false;
    std::string address_;
    Notice changed_;
    Notice stuck_;
    Notice waits_;
};

}  // namespace coven
