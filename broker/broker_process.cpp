#include "broker_process.hpp"

#include <array>
#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include "announcements.hpp"
#include "coven/ready_socket.hpp"

namespace coven::broker {

namespace {

std::string program() { return program_folder() + "/coven-broker"; }

bool readable(zmq::socket_t& socket, std::chrono::milliseconds deadline) {
    zmq::pollitem_t item{socket.handle(), 0, ZMQ_POLLIN, 0};
    return zmq::poll(&item, 1, deadline) > 0;
}

std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point end) {
    const auto left = end - std::chrono::steady_clock::now();
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(left),
                    std::chrono::milliseconds(0));
}

[[noreturn]] void fail(const std::string& reason) {
    std::cerr << reason << '\n';
    std::abort();
}

}  // namespace

BrokerProcess::BrokerProcess(Transport transport, std::vector<std::string> flags)
    : BrokerProcess(transport, std::move(flags), Surroundings()) {}

BrokerProcess::BrokerProcess(Transport transport, std::vector<std::string> flags,
                             Surroundings surroundings)
    : data_(surroundings.data.empty() ? folder_.file("data") : std::move(surroundings.data)),
      wrapper_(std::move(surroundings.wrapper)),
      flags_(std::move(flags)) {
    wanted_ = {"tcp://127.0.0.1:0", "tcp://127.0.0.1:0", "tcp://127.0.0.1:0"};
    if (transport == Transport::ipc) {
        wanted_ = {"ipc://" + folder_.file("publish"), "ipc://" + folder_.file("subscribe"),
                   "ipc://" + folder_.file("request")};
    }
    start();
}

void BrokerProcess::start() {
    ReadySocket ready;
    ChildProcess::Options options;
    options.command = {program(),
                       "--bus.publish",
                       wanted_.publish,
                       "--bus.subscribe",
                       wanted_.subscribe,
                       "--bus.request",
                       wanted_.request,
                       "--data",
                       data(),
                       "--metrics.listen",
                       "127.0.0.1:0",
                       "--log.level",
                       "error"};
    options.command.insert(options.command.begin(), wrapper_.begin(), wrapper_.end());
    options.command.insert(options.command.end(), flags_.begin(), flags_.end());
    options.environment["NOTIFY_SOCKET"] = ready.path();
    auto process = ChildProcess::start(options);
    if (process.has_error()) fail(process.error().message);
    auto told = ready.wait(answer_deadline);
    if (told.empty()) fail("the broker did not get ready");
    doors_ = {told["COVEN_PUBLISH"], told["COVEN_SUBSCRIBE"], told["COVEN_REQUEST"]};
    metrics_url_ = told["METRICS_URL"];
    process_ = std::make_unique<ChildProcess>(std::move(*process));
}

FailedStart start_in_vain(const std::vector<std::string>& flags) {
    ChildProcess::Options options;
    options.command = {program()};
    options.command.insert(options.command.end(), flags.begin(), flags.end());
    options.err = ChildProcess::Options::capture;
    auto process = ChildProcess::start(options);
    if (process.has_error()) fail(process.error().message);
    FailedStart failed;
    failed.status = process->wait(answer_deadline).value_or(-1);
    std::array<char, 4096> words{};
    const auto size = read(process->err(), words.data(), words.size());
    if (size > 0) failed.words.assign(words.data(), static_cast<std::size_t>(size));
    return failed;
}

zmq::context_t& client_context() {
    static zmq::context_t context;
    return context;
}

Publisher::Publisher(const Endpoints& doors) : socket_(client_context(), zmq::socket_type::push) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::sndtimeo,
                static_cast<int>(answer_deadline / std::chrono::milliseconds(1)));
    socket_.connect(doors.publish);
}

void Publisher::send(std::string_view frame) {
    if (!socket_.send(zmq::message_t(frame), zmq::send_flags::none))
        fail("the broker takes nothing");
}

Reader::Reader(const Endpoints& doors, const std::vector<std::string>& prefixes)
    : socket_(client_context(), zmq::socket_type::sub) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::sndhwm, 0);
    socket_.set(zmq::sockopt::rcvhwm, 0);
    socket_.connect(doors.subscribe);
    for (const auto& prefix : prefixes) subscribe(prefix);
}

std::optional<std::string> Reader::receive(std::chrono::milliseconds deadline) {
    if (!readable(socket_, deadline)) return std::nullopt;
    zmq::message_t frame;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait)) return std::nullopt;
    return frame.to_string();
}

v1::Barrier Reader::barrier() {
    static int tokens = 0;
    const auto topic = "~s.token-" + std::to_string(++tokens);
    subscribe(topic + '\0');
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    while (const auto frame = receive(left_until(end))) {
        if (topic_of(*frame) == topic) return body_of<v1::Barrier>(*frame);
        kept_.push_back(*frame);
    }
    fail("no barrier came");
}

std::optional<std::string> Reader::next(std::chrono::milliseconds deadline) {
    if (kept_.empty()) return receive(deadline);
    auto frame = std::move(kept_.front());
    kept_.erase(kept_.begin());
    return frame;
}

std::optional<std::string> Reader::next_on(const std::string& topic) {
    const auto end = std::chrono::steady_clock::now() + answer_deadline;
    while (auto frame = next(left_until(end))) {
        if (topic_of(*frame) == topic) return frame;
    }
    return std::nullopt;
}

v1::PublishAck Reader::ask_ack(std::uint64_t producer_id) {
    subscribe(ack_topic(producer_id) + '\0');
    return ack_with(producer_id, [](const v1::PublishAck&) { return true; });
}

v1::PublishAck Reader::ack_with(std::uint64_t producer_id,
                                const std::function<bool(const v1::PublishAck&)>& wanted) {
    while (const auto frame = next_on(ack_topic(producer_id))) {
        auto ack = body_of<v1::PublishAck>(*frame);
        if (wanted(ack)) return ack;
    }
    fail("no such ack came");
}

Asker::Asker(const Endpoints& doors, zmq::socket_type type) : socket_(client_context(), type) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.connect(doors.request);
}

void Asker::send(const std::vector<std::string>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto flags = i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
        socket_.send(zmq::message_t(frames[i]), flags);
    }
}

bool Asker::has_answer() { return readable(socket_, std::chrono::milliseconds(0)); }

std::vector<std::string> Asker::receive() {
    std::vector<std::string> frames;
    if (!readable(socket_, answer_deadline)) return frames;
    zmq::message_t frame;
    do {
        if (!socket_.recv(frame, zmq::recv_flags::dontwait)) fail("a reply ended in its middle");
        frames.push_back(frame.to_string());
    } while (frame.more());
    return frames;
}

v1::Reply Asker::ask(const std::string& verb) { return ask(verb, v1::TopicsListRequest()); }

v1::Reply Asker::ask(const std::string& verb, const google::protobuf::Message& payload) {
    v1::Request request;
    request.set_id("r-1");
    request.set_verb(verb);
    request.mutable_payload()->PackFrom(payload);
    send({request.SerializeAsString()});
    const auto frames = receive();
    v1::Reply reply;
    if (frames.size() != 1 || !reply.ParseFromString(frames[0])) fail("no reply came to " + verb);
    return reply;
}

v1::BrokerStatus Asker::status() {
    v1::BrokerStatus status;
    ask("broker.status").payload().UnpackTo(&status);
    return status;
}

std::uint64_t Asker::drops(const std::string& reason) {
    const auto now = status();
    for (const auto& counter : now.dropped()) {
        if (counter.reason() == reason) return counter.count();
    }
    return 0;
}

std::string topic_of(const std::string& frame) { return frame.substr(0, frame.find('\0')); }

std::vector<v1::HistoryBatch::Record> Asker::stored(const std::string& pattern) {
    std::vector<v1::HistoryBatch::Record> records;
    v1::HistoryReadRequest request;
    request.add_patterns(pattern);
    for (bool more = true; more;) {
        const auto reply = ask("history.read", request);
        v1::HistoryBatch batch;
        if (!reply.payload().UnpackTo(&batch)) fail("no history: " + reply.message());
        records.insert(records.end(), batch.records().begin(), batch.records().end());
        *request.mutable_after() = batch.next();
        more = reply.more();
    }
    return records;
}

}  // namespace coven::broker
