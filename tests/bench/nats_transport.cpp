#include <cstdlib>
#include <iostream>

#include "nats_client.hpp"
#include "sample_event.hpp"
#include "transport.hpp"

namespace bench {

namespace {

constexpr std::int64_t deadline_ms = 20'000;

class NatsSender final : public Sender {
  public:
    explicit NatsSender(const std::string& port) : connection_(connect_to_nats(port)) {}
    NatsSender(const NatsSender&) = delete;
    NatsSender& operator=(const NatsSender&) = delete;
    ~NatsSender() override { natsConnection_Destroy(connection_); }

    void send(std::string_view frame) override {
        // A frame holds a NUL behind its topic, as C wants it.
        const auto event = frame.substr(frame.find('\0') + 1);
        check_nats(natsConnection_Publish(connection_, frame.data(), event.data(),
                                          static_cast<int>(event.size())));
    }
    void flush() override {}

  private:
    natsConnection* connection_;
};

class NatsReceiver final : public Receiver {
  public:
    explicit NatsReceiver(const std::string& port) : connection_(connect_to_nats(port)) {
        const auto subject = std::string(topic_prefix) + '>';
        check_nats(natsConnection_SubscribeSync(&subscription_, connection_, subject.c_str()));
    }
    NatsReceiver(const NatsReceiver&) = delete;
    NatsReceiver& operator=(const NatsReceiver&) = delete;
    ~NatsReceiver() override {
        natsSubscription_Destroy(subscription_);
        natsConnection_Destroy(connection_);
    }

    void receive(const std::function<void(std::string_view)>& take) override {
        natsMsg* message = nullptr;
        check_nats(natsSubscription_NextMsg(&message, subscription_, deadline_ms));
        take({natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))});
        natsMsg_Destroy(message);
    }

  private:
    natsConnection* connection_;
    natsSubscription* subscription_ = nullptr;
};

}  // namespace

void check_nats(natsStatus status) {
    if (status == NATS_OK) return;
    std::cerr << "nats: " << natsStatus_GetText(status) << '\n';
    std::exit(1);
}

natsConnection* connect_to_nats(const std::string& port) {
    natsConnection* connection = nullptr;
    check_nats(natsConnection_ConnectTo(&connection, ("nats://127.0.0.1:" + port).c_str()));
    return connection;
}

std::unique_ptr<Sender> make_nats_sender(const std::string& port) {
    return std::make_unique<NatsSender>(port);
}

std::unique_ptr<Receiver> make_nats_receiver(const std::string& port) {
    return std::make_unique<NatsReceiver>(port);
}

}  // namespace bench
