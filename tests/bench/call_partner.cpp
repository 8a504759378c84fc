#include "call_partner.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

#include "clock.hpp"
#include "coven/v1/request.pb.h"
#include "zmq_client.hpp"

namespace bench {

namespace {

constexpr std::size_t payload_bytes = 256;
constexpr long beat_ms = 1000;

class ZmqPartner : public Partner {
  public:
    explicit ZmqPartner(const std::string& address) : socket_(context_, zmq::socket_type::dealer) {
        set_common(socket_);
        socket_.connect(address);
    }

  protected:
    void send(std::string_view bytes, int flags = 0) {
        zmq::message_t message(bytes);
        if (zmq_msg_send(message.handle(), socket_.handle(), flags) < 0) fail("cannot send");
    }
    /// All frames of a message.
    const std::vector<zmq::message_t>& receive() {
        frames_.clear();
        do {
            frames_.emplace_back();
            auto* frame = frames_.back().handle();
            if (zmq_msg_recv(frame, socket_.handle(), 0) < 0) fail("no answer");
        } while (frames_.back().more());
        return frames_;
    }
    bool something_comes() {
        zmq_pollitem_t item = {socket_.handle(), 0, ZMQ_POLLIN, 0};
        return zmq_poll(&item, 1, beat_ms) > 0;
    }

  private:
    zmq::context_t context_;
    zmq::socket_t socket_;
    std::vector<zmq::message_t> frames_;
};

/// Through the broker, as docs/wire.md, "Requests", says it.
class CovenPartner final : public ZmqPartner {
  public:
    explicit CovenPartner(const std::string& address) : ZmqPartner(address) {
        command_.set_verb("bench.echo");
        command_.set_target("bench");
        command_.mutable_payload()->set_type_url("type.googleapis.com/bench.Payload");
        command_.mutable_payload()->set_value(std::string(payload_bytes, 'x'));
        auto& presence = *ready_.mutable_presence();
        presence.set_kind("bench");
        presence.set_instance("bench-1");
        presence.set_state(coven::v1::Presence::STATE_READY);
        ready_.add_verbs("bench.echo");
        ready_.add_targets("*");
    }
    void call() override {
        send(command_.SerializeAsString());
        const auto& frames = receive();
        take_reply(frames.back());
        if (reply_.payload().value().size() != payload_bytes) give_up("the echo is cut short");
    }
    void register_here() override {
        say("connector.ready", ready_);
        take_reply(receive().back());
        said_ns_ = now_ns();
    }
    void answer() override {
        if (now_ns() - said_ns_ > beat_ms * 1'000'000) beat();
        if (!something_comes()) return;
        const auto& frames = receive();
        // One frame is what the broker says to what we said.
        if (frames.size() == 1) return take_reply(frames.back());
        const auto& body = frames.back();
        coven::v1::Request request;
        request.ParseFromArray(body.data(), static_cast<int>(body.size()));
        coven::v1::Reply reply;
        reply.set_id(request.id());
        reply.set_status(coven::v1::Reply::OK);
        reply.mutable_payload()->Swap(request.mutable_payload());
        say("connector.answer", reply);
    }

  private:
    template <class Payload>
    void say(const char* verb, const Payload& payload) {
        coven::v1::Request request;
        request.set_verb(verb);
        request.mutable_payload()->PackFrom(payload);
        send(request.SerializeAsString());
    }
    void beat() {
        said_ns_ = now_ns();
        say("connector.beat", ready_);
    }
    void take_reply(const zmq::message_t& frame) {
        const bool read = reply_.ParseFromArray(frame.data(), static_cast<int>(frame.size()));
        if (!read || reply_.status() != coven::v1::Reply::OK) give_up(reply_.message());
    }
    [[noreturn]] static void give_up(const std::string& why) {
        std::cerr << "bench-call: " << why << '\n';
        std::exit(1);
    }

    coven::v1::Request command_;
    coven::v1::ConnectorReady ready_;
    coven::v1::Reply reply_;
    std::uint64_t said_ns_ = 0;
};

/// Through bench-bare's echo: who says "service" first is sent all that others say, behind their
/// routing ids, and what it sends goes to them.
class BarePartner final : public ZmqPartner {
  public:
    explicit BarePartner(const std::string& address)
        : ZmqPartner(address), payload_(payload_bytes, 'x') {}
    void call() override {
        send(payload_);
        if (receive().back().size() != payload_bytes) fail("the echo is cut short");
    }
    void register_here() override {
        send("service");
        receive();
    }
    void answer() override {
        if (!something_comes()) return;
        const auto& frames = receive();
        send(frames.front().to_string_view(), ZMQ_SNDMORE);
        send(frames.back().to_string_view());
    }

  private:
    std::string payload_;
};

}  // namespace

std::unique_ptr<Partner> make_partner(const std::string& scheme, const std::string& address) {
    if (scheme == "coven") return std::make_unique<CovenPartner>(address);
    if (scheme == "bare") return std::make_unique<BarePartner>(address);
    std::cerr << "no such scheme: '" << scheme << "'\n";
    std::exit(2);
}

}  // namespace bench
