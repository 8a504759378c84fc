#include <cstdlib>
#include <iostream>

#include "sample_event.hpp"
#include "transport.hpp"
#include "zmq_client.hpp"

namespace bench {

namespace {

constexpr int events_per_turn = 64;

class ZmqSender final : public Sender {
  public:
    ZmqSender(zmq::socket_type type, const std::string& address) : socket_(context_, type) {
        set_common(socket_);
        // A PUSH waits at its bound, a PUB would lose events there.
        const bool waits = type == zmq::socket_type::push;
        socket_.set(zmq::sockopt::sndhwm, waits ? waiting_frames : unread_events);
        socket_.connect(address);
    }
    void send(std::string_view frame) override {
        zmq::message_t message(frame);
        if (zmq_msg_send(message.handle(), socket_.handle(), 0) < 0) fail("cannot send");
    }
    void flush() override {}

  private:
    zmq::context_t context_;
    zmq::socket_t socket_;
};

class ZmqReceiver final : public Receiver {
  public:
    explicit ZmqReceiver(const std::string& address) : socket_(context_, zmq::socket_type::sub) {
        set_common(socket_);
        // A bound here loses subscriptions when the socket connects anew.
        socket_.set(zmq::sockopt::sndhwm, 0);
        socket_.set(zmq::sockopt::rcvhwm, unread_events);
        socket_.set(zmq::sockopt::subscribe, topic_prefix);
        socket_.connect(address);
    }
    void receive(const std::function<void(std::string_view)>& take) override {
        if (zmq_msg_recv(frame_.handle(), socket_.handle(), 0) < 0) fail("no events come");
        for (int i = 1;; ++i) {
            take({static_cast<const char*>(frame_.data()), frame_.size()});
            if (i == events_per_turn) return;
            if (zmq_msg_recv(frame_.handle(), socket_.handle(), ZMQ_DONTWAIT) < 0) return;
        }
    }

  private:
    zmq::context_t context_;
    zmq::socket_t socket_;
    zmq::message_t frame_;
};

[[noreturn]] void refuse(const std::string& scheme) {
    std::cerr << "no such scheme: '" << scheme << "'\n";
    std::exit(2);
}

}  // namespace

std::unique_ptr<Sender> make_sender(const std::string& scheme, const std::string& address) {
    if (scheme == "nats") return make_nats_sender(address);
    if (scheme == "raw-nats") return make_raw_nats_sender(address);
    if (scheme == "jetstream") return make_jetstream_sender(address);
    if (scheme == "push-stored") return make_stored_sender(address);
    if (scheme == "push") return std::make_unique<ZmqSender>(zmq::socket_type::push, address);
    if (scheme == "pub") return std::make_unique<ZmqSender>(zmq::socket_type::pub, address);
    refuse(scheme);
}

std::unique_ptr<Receiver> make_receiver(const std::string& scheme, const std::string& address) {
    if (scheme == "nats") return make_nats_receiver(address);
    if (scheme == "raw-nats") return make_raw_nats_receiver(address);
    if (scheme == "history") return make_history_receiver(address);
    if (scheme == "sub") return std::make_unique<ZmqReceiver>(address);
    refuse(scheme);
}

}  // namespace bench
