#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

/// A publisher's way into a system under test.
class Sender {
  public:
    virtual ~Sender() = default;
    /// `frame` is `topic NUL event`. Waits while the system pushes back.
    virtual void send(std::string_view frame) = 0;
    /// Lets go of what was held back to send it together.
    virtual void flush() = 0;
    /// Waits until no more than `left` of the events are not known to be stored. Senders that are
    /// told nothing do not wait.
    virtual void wait_stored(std::uint32_t) {}
};

/// A reader's way out of one.
class Receiver {
  public:
    virtual ~Receiver() = default;
    /// Waits for events and hands over all that are there, topic in front. Ends the program after
    /// 20 s without any.
    virtual void receive(const std::function<void(std::string_view event)>& take) = 0;
};

/// `scheme` is "push" or "pub" with ZeroMQ; "nats" with NATS' own C library, "raw-nats" with the
/// least that speaks its protocol. Told what is stored are "push-stored" and "jetstream". `address`
/// is a ZeroMQ endpoint, for "push-stored" two with a comma between them, the doors for events in
/// and out; for NATS a TCP port of this machine. Ends the program when that cannot be.
std::unique_ptr<Sender> make_sender(const std::string& scheme, const std::string& address);
/// `scheme` is "sub", "nats" or "raw-nats", which subscribe to all sample events, or "history",
/// which reads them from what the broker has stored; `address` is its door for requests then.
std::unique_ptr<Receiver> make_receiver(const std::string& scheme, const std::string& address);

std::unique_ptr<Sender> make_stored_sender(const std::string& doors);
std::unique_ptr<Receiver> make_history_receiver(const std::string& door);
std::unique_ptr<Sender> make_nats_sender(const std::string& port);
std::unique_ptr<Sender> make_jetstream_sender(const std::string& port);
std::unique_ptr<Receiver> make_nats_receiver(const std::string& port);
std::unique_ptr<Sender> make_raw_nats_sender(const std::string& port);
std::unique_ptr<Receiver> make_raw_nats_receiver(const std::string& port);

}  // namespace bench
