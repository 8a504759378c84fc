// What the journal adds: a publisher that is told what is stored, and a reader of what was.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "coven/v1/bus.pb.h"
#include "coven/v1/history.pb.h"
#include "coven/v1/request.pb.h"
#include "sample_event.hpp"
#include "transport.hpp"
#include "zmq_client.hpp"

namespace bench {

namespace {

/// Where the broker says what it has stored of us (docs/wire.md, "Publishing").
std::string ack_topic() {
    std::array<char, 20> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx",
                  static_cast<unsigned long long>(producer));
    return std::string("~a.") + digits.data() + '\0';
}

class StoredSender final : public Sender {
  public:
    explicit StoredSender(const std::string& doors)
        : events_(context_, zmq::socket_type::push), acks_(context_, zmq::socket_type::sub) {
        const auto comma = doors.find(',');
        set_common(events_);
        events_.set(zmq::sockopt::sndhwm, waiting_frames);
        events_.connect(doors.substr(0, comma));
        set_common(acks_);
        acks_.set(zmq::sockopt::subscribe, ack_topic());
        acks_.connect(doors.substr(comma + 1));
        // The first answer says that the broker hears: none may come for events before that.
        take_ack(0);
    }
    void send(std::string_view frame) override {
        const auto seq = static_cast<std::uint32_t>(read_mark(frame).seq);
        zmq::message_t message(frame);
        if (zmq_msg_send(message.handle(), events_.handle(), 0) < 0) fail("cannot send");
        if (seq != probe) sent_ = seq;
    }
    void flush() override {}
    void wait_stored(std::uint32_t left) override {
        while (take_ack(ZMQ_DONTWAIT)) continue;
        while (sent_ - stored_ > left) take_ack(0);
    }

  private:
    bool take_ack(int flags) {
        if (zmq_msg_recv(frame_.handle(), acks_.handle(), flags) < 0) {
            if (flags == ZMQ_DONTWAIT) return false;
            fail("nothing is acknowledged");
        }
        const std::string_view bytes(static_cast<const char*>(frame_.data()), frame_.size());
        const auto body = bytes.substr(bytes.find('\0') + 1);
        coven::v1::PublishAck ack;
        if (!ack.ParseFromArray(body.data(), static_cast<int>(body.size())) || !ack.stored()) {
            std::cerr << "the broker stores nothing\n";
            std::exit(1);
        }
        stored_ = static_cast<std::uint32_t>(ack.committed_seq());
        return true;
    }

    zmq::context_t context_;
    zmq::socket_t events_;
    zmq::socket_t acks_;
    zmq::message_t frame_;
    std::uint32_t sent_ = 0;
    std::uint32_t stored_ = 0;
};

/// Asks for the next batch as soon as it has one, before it hands that over.
class HistoryReceiver final : public Receiver {
  public:
    explicit HistoryReceiver(const std::string& door)
        : socket_(context_, zmq::socket_type::dealer) {
        set_common(socket_);
        socket_.connect(door);
        wanted_.add_patterns(std::string(topic_prefix) + '>');
        wanted_.mutable_first();
        ask();
    }
    void receive(const std::function<void(std::string_view)>& take) override {
        if (zmq_msg_recv(frame_.handle(), socket_.handle(), 0) < 0) fail("no history comes");
        const bool read = reply_.ParseFromArray(frame_.data(), static_cast<int>(frame_.size())) &&
                          reply_.status() == coven::v1::Reply::OK &&
                          batch_.ParseFromString(reply_.payload().value());
        if (!read) {
            std::cerr << "no history: " << reply_.message() << '\n';
            std::exit(1);
        }
        *wanted_.mutable_after() = batch_.next();
        ask();
        for (const auto& record : batch_.records()) {
            if (record.has_frame()) take(record.frame());
        }
    }

  private:
    void ask() {
        coven::v1::Request request;
        request.set_verb("history.read");
        request.mutable_payload()->PackFrom(wanted_);
        zmq::message_t message(request.SerializeAsString());
        if (zmq_msg_send(message.handle(), socket_.handle(), 0) < 0) fail("cannot ask");
    }

    zmq::context_t context_;
    zmq::socket_t socket_;
    zmq::message_t frame_;
    coven::v1::HistoryReadRequest wanted_;
    /// Kept, since they keep their buffers.
    coven::v1::Reply reply_;
    coven::v1::HistoryBatch batch_;
};

}  // namespace

std::unique_ptr<Sender> make_stored_sender(const std::string& doors) {
    return std::make_unique<StoredSender>(doors);
}

std::unique_ptr<Receiver> make_history_receiver(const std::string& door) {
    return std::make_unique<HistoryReceiver>(door);
}

}  // namespace bench
