#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "coven/bus.hpp"
#include "coven/child_process.hpp"
#include "coven/temp_folder.hpp"
#include "coven/v1/bus.pb.h"
#include "coven/v1/history.pb.h"
#include "coven/v1/request.pb.h"

namespace coven::broker {

/// For whatever should come; generous, since machines are busy.
inline constexpr std::chrono::seconds answer_deadline{20};

enum class Transport { ipc, tcp };

/// A real coven-broker with its data in a temporary folder. Aborts when it does not get ready.
class BrokerProcess {
  public:
    struct Surroundings {
        /// A folder for its data, instead of one of its own.
        std::string data = {};
        /// A program, with arguments, that runs it.
        std::vector<std::string> wrapper = {};
    };
    explicit BrokerProcess(Transport transport, std::vector<std::string> flags = {});
    BrokerProcess(Transport transport, std::vector<std::string> flags, Surroundings surroundings);

    const Endpoints& doors() const { return doors_; }
    const std::string& metrics_url() const { return metrics_url_; }
    const std::string& data() const { return data_; }
    void signal(int number) const { process_->signal(number); }
    /// SIGTERM; its exit status.
    int stop() { return process_->stop(answer_deadline); }
    /// Waits until it has ended by itself: its exit status, or -1.
    int wait() { return process_->wait(answer_deadline).value_or(-1); }
    bool running() { return !process_->poll(); }
    /// From the next start on.
    void unwrap() { wrapper_.clear(); }
    /// kill -9.
    void kill() { process_.reset(); }
    /// Again with the same data; an ipc broker opens the same doors.
    void start();

  private:
    TempFolder folder_;
    std::string data_;
    std::vector<std::string> wrapper_;
    std::vector<std::string> flags_;
    Endpoints wanted_;
    Endpoints doors_;
    std::string metrics_url_;
    std::unique_ptr<ChildProcess> process_;
};

/// How a broker ended that should not start, and what it said.
struct FailedStart {
    int status = 0;
    std::string words;
};
FailedStart start_in_vain(const std::vector<std::string>& flags);

/// What a plain ZeroMQ program has: one context, made first and destroyed last.
zmq::context_t& client_context();

/// A PUSH socket.
class Publisher {
  public:
    explicit Publisher(const Endpoints& doors);

    void send(std::string_view frame);
    zmq::socket_t& socket() { return socket_; }

  private:
    zmq::socket_t socket_;
};

/// A SUB socket with the options that wire.md tells subscribers to set.
class Reader {
  public:
    explicit Reader(const Endpoints& doors, const std::vector<std::string>& prefixes = {});

    void subscribe(const std::string& prefix) { socket_.set(zmq::sockopt::subscribe, prefix); }
    void unsubscribe(const std::string& prefix) { socket_.set(zmq::sockopt::unsubscribe, prefix); }
    /// Asks for a barrier and waits for it; keeps what comes before it for `next`.
    v1::Barrier barrier();
    /// The next frame; nullopt = none came within `deadline`.
    std::optional<std::string> next(std::chrono::milliseconds deadline = answer_deadline);
    /// The next frame of exactly `topic`, the others are dropped.
    std::optional<std::string> next_on(const std::string& topic);
    /// Asks for the state of a producer and waits for the answer.
    v1::PublishAck ask_ack(std::uint64_t producer_id);
    /// The next ack of a producer that `wanted` holds for.
    v1::PublishAck ack_with(std::uint64_t producer_id,
                            const std::function<bool(const v1::PublishAck&)>& wanted);

  private:
    std::optional<std::string> receive(std::chrono::milliseconds deadline);

    zmq::socket_t socket_;
    std::vector<std::string> kept_;
};

/// A DEALER that puts nothing before its request.
class Asker {
  public:
    explicit Asker(const Endpoints& doors, zmq::socket_type type = zmq::socket_type::dealer);

    v1::Reply ask(const std::string& verb);
    v1::Reply ask(const std::string& verb, const google::protobuf::Message& payload);
    void send(const std::vector<std::string>& frames);
    /// One is there.
    bool has_answer();
    /// The frames of the next answer; none = none came in time.
    std::vector<std::string> receive();
    /// How often `reason` is counted in broker.status.
    std::uint64_t drops(const std::string& reason);
    v1::BrokerStatus status();
    /// All that is stored of the topics of `pattern`, batch after batch.
    std::vector<v1::HistoryBatch::Record> stored(const std::string& pattern);

  private:
    zmq::socket_t socket_;
};

/// `topic NUL message` → message.
template <class T>
T body_of(const std::string& frame) {
    T message;
    message.ParseFromString(frame.substr(frame.find('\0') + 1));
    return message;
}
std::string topic_of(const std::string& frame);

}  // namespace coven::broker
