// What a broker costs that only passes frames on: the peers that coven-broker is measured against,
// on sockets with its options.
//
// bench-bare loop    PULL → XPUB, nothing looked at
// bench-bare proxy   zmq_proxy between XSUB and XPUB
// bench-bare echo    a ROUTER between the one that says "service" and all others
//
// Tells $NOTIFY_SOCKET its endpoints like coven-broker. Ends when it is killed.

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>

#include "coven/daemon.hpp"
#include "doors.hpp"
#include "zmq_io.hpp"

namespace {

using namespace coven;
using namespace coven::broker;

constexpr int events_per_turn = 1000;
// As in docs/wire.md, "Doors".
constexpr std::int64_t max_message_bytes = 1 << 20;
constexpr int heartbeat_ms = 5000;
constexpr int heartbeat_timeout_ms = 15000;
constexpr int subscribe_send_messages = 50'000;
constexpr int publish_receive_messages = 10'000;

[[noreturn]] void fail(const std::string& what) {
    std::cerr << "bench-bare: " << what << '\n';
    std::exit(1);
}

void run_loop(Doors& doors) {
    std::array<zmq_pollitem_t, 2> items = {{
        {doors.publish().handle(), 0, ZMQ_POLLIN, 0},
        {doors.subscribe().handle(), 0, ZMQ_POLLIN, 0},
    }};
    zmq::message_t frame;
    while (zmq_poll(items.data(), static_cast<int>(items.size()), -1) >= 0) {
        for (int i = 0; i < events_per_turn && receive(doors.publish(), frame); ++i) {
            send(doors.subscribe(), frame);
        }
        while (receive(doors.subscribe(), frame)) continue;
    }
}

Endpoints any_port() { return {"tcp://127.0.0.1:0", "tcp://127.0.0.1:0", "tcp://127.0.0.1:0"}; }

void serve_loop() {
    const auto doors = Doors::open(any_port());
    if (doors.has_error()) fail(doors.error().message);
    const auto at = (*doors)->endpoints();
    notify_ready({"COVEN_PUBLISH=" + at.publish, "COVEN_SUBSCRIBE=" + at.subscribe});
    run_loop(**doors);
}

void set_common(zmq::socket_t& socket, int unread) {
    socket.set(zmq::sockopt::maxmsgsize, max_message_bytes);
    socket.set(zmq::sockopt::heartbeat_ivl, heartbeat_ms);
    socket.set(zmq::sockopt::heartbeat_timeout, heartbeat_timeout_ms);
    socket.set(zmq::sockopt::rcvhwm, unread);
}

void serve_proxy() {
    zmq::context_t context;
    zmq::socket_t in(context, zmq::socket_type::xsub);
    zmq::socket_t out(context, zmq::socket_type::xpub);
    set_common(in, publish_receive_messages);
    set_common(out, 0);
    in.set(zmq::sockopt::sndhwm, 0);
    out.set(zmq::sockopt::sndhwm, subscribe_send_messages);
    in.bind("tcp://127.0.0.1:0");
    out.bind("tcp://127.0.0.1:0");
    notify_ready({"COVEN_PUBLISH=" + in.get(zmq::sockopt::last_endpoint),
                  "COVEN_SUBSCRIBE=" + out.get(zmq::sockopt::last_endpoint)});
    zmq_proxy(in.handle(), out.handle(), nullptr);
}

/// False: nothing is there.
bool echo_one(zmq::socket_t& router, std::string& service) {
    zmq::message_t from;
    if (!receive(router, from)) return false;
    zmq::message_t frame;
    receive(router, frame);
    if (frame.more()) {
        // An answer of the service, behind the caller that it is for.
        zmq::message_t answer;
        receive(router, answer);
        send(router, frame, ZMQ_SNDMORE);
        send(router, answer);
        return true;
    }
    if (service.empty()) {
        service = from.to_string();
    } else {
        send(router, service, ZMQ_SNDMORE);
    }
    send(router, from, ZMQ_SNDMORE);
    send(router, frame);
    return true;
}

void run_echo(zmq::socket_t& router) {
    std::string service;
    zmq_pollitem_t item = {router.handle(), 0, ZMQ_POLLIN, 0};
    while (zmq_poll(&item, 1, -1) >= 0) {
        while (echo_one(router, service)) continue;
    }
}

void serve_echo() {
    const auto doors = Doors::open(any_port());
    if (doors.has_error()) fail(doors.error().message);
    notify_ready({"COVEN_REQUEST=" + (*doors)->endpoints().request});
    run_echo((*doors)->request());
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc == 2 ? argv[1] : "";
    if (what != "loop" && what != "proxy" && what != "echo") {
        fail("say 'loop', 'proxy' or 'echo'");
    }
    if (what == "loop") serve_loop();
    if (what == "proxy") serve_proxy();
    if (what == "echo") serve_echo();
}
