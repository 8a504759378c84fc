#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "broker_process.hpp"

namespace coven::broker {

/// A publisher with plain sockets that keeps what is not acknowledged and goes back when the broker
/// expects less than it sent: docs/wire.md, "Publishing".
class SteadyPublisher {
  public:
    SteadyPublisher(const Endpoints& doors, std::uint64_t producer_id, std::string topic,
                    std::size_t event_bytes);

    /// To the same doors, as after a restart of the broker.
    void connect(const Endpoints& doors);
    /// Sends the next one, with its number in `raw`; then takes the acks that are there.
    void send();
    /// Waits until all that was sent is acknowledged, sending again what the broker misses.
    void settle();
    /// Takes the acks that are there. Goes back when they say so.
    void take_acks();

    std::uint64_t sent() const { return sent_; }
    std::uint64_t acked() const { return acked_; }
    /// What the broker said last.
    std::uint64_t expected() const { return expected_; }
    std::uint64_t bus_epoch() const { return bus_epoch_; }
    std::uint64_t sent_again() const { return sent_again_; }
    /// An ack took back what an earlier one had promised.
    bool betrayed() const { return betrayed_; }

  private:
    void take(const v1::PublishAck& ack);
    void go_back();

    std::uint64_t producer_id_;
    std::string topic_;
    std::size_t event_bytes_;
    std::unique_ptr<Publisher> publisher_;
    std::unique_ptr<Reader> acks_;
    std::map<std::uint64_t, std::string> kept_;
    std::uint64_t sent_ = 0;
    std::uint64_t acked_ = 0;
    std::uint64_t expected_ = 1;
    std::uint64_t bus_epoch_ = 0;
    std::uint64_t sent_again_ = 0;
    bool betrayed_ = false;
};

}  // namespace coven::broker
