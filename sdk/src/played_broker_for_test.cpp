#include "played_broker_for_test.hpp"

#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;

namespace coven {

PlayedBroker::PlayedBroker(asio::io_context& io) : descriptor_(io), thawed_(io), news_(io) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.bind(endpoints().request);
    descriptor_.assign(socket_.get(zmq::sockopt::fd));
    asio::co_spawn(io, listen(), asio::bind_cancellation_slot(stop_.slot(), asio::detached));
}

PlayedBroker::~PlayedBroker() {
    stop_.emit(asio::cancellation_type::terminal);
    // The descriptor belongs to ZeroMQ.
    descriptor_.release();
}

Endpoints PlayedBroker::endpoints() const {
    return {"ipc://" + folder_.file("publish"), "ipc://" + folder_.file("subscribe"),
            "ipc://" + folder_.file("request")};
}

void PlayedBroker::freeze() { frozen_ = true; }

void PlayedBroker::thaw() {
    frozen_ = false;
    thawed_.wake();
}

asio::awaitable<void> PlayedBroker::listen() {
    for (;;) {
        // The descriptor stays readable: waiting for it would turn the loop for ever.
        while (frozen_) co_await thawed_.wait();
        while (take_one()) news_.wake();
        boost::system::error_code woken;
        auto token = asio::redirect_error(asio::use_awaitable, woken);
        co_await descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, token);
    }
}

bool PlayedBroker::take_one() {
    zmq::message_t from;
    zmq::message_t frame;
    if (!socket_.recv(from, zmq::recv_flags::dontwait)) return false;
    if (!socket_.recv(frame)) return false;
    v1::Request request;
    request.ParseFromString(frame.to_string());
    connector_ = from.to_string();
    if (request.payload().UnpackTo(&ready_)) {
        answer(request, v1::Reply::OK);
    } else {
        requests_.push_back(std::move(request));
    }
    return true;
}

void PlayedBroker::answer(const v1::Request& request, v1::Reply::Status status,
                          const std::string& code) {
    auto reply = reply_of(status, code, "");
    reply.set_id(request.id());
    socket_.send(zmq::buffer(connector_), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(reply.SerializeAsString()));
    descriptor_.cancel();
}

void PlayedBroker::hand_over(const v1::Request& call) { send_command(call.SerializeAsString()); }

void PlayedBroker::send_command(const std::string& frame) {
    socket_.send(zmq::buffer(connector_), zmq::send_flags::sndmore);
    socket_.send(zmq::str_buffer("command"), zmq::send_flags::sndmore);
    socket_.send(zmq::const_buffer(), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(frame));
    descriptor_.cancel();
}

asio::awaitable<v1::Request> PlayedBroker::next() {
    while (requests_.empty()) co_await news_.wait();
    auto request = std::move(requests_.front());
    requests_.pop_front();
    co_return request;
}

asio::awaitable<void> PlayedBroker::until_said(std::string verb) {
    const auto& said = ready_.verbs();
    while (std::find(said.begin(), said.end(), verb) == said.end()) co_await news_.wait();
}

}  // namespace coven
