#include "door.hpp"

#include <cerrno>
#include <stdexcept>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <zmq.hpp>

namespace asio = boost::asio;

namespace coven {

namespace {

// The values of docs/wire.md, "Doors".
constexpr std::int64_t max_message_bytes = 2 << 20;
constexpr int handshake_limit_ms = 3000;
constexpr int heartbeat_ms = 5000;
constexpr int heartbeat_timeout_ms = 15000;
constexpr int heartbeat_ttl_ms = 20000;
constexpr int reconnect_ms = 100;
constexpr int longest_reconnect_ms = 2000;
constexpr int unread_events = 100000;
constexpr int waiting_frames = 1000;

/// Any call may end with EINTR when a signal comes, also those that do not wait.
template <class Call>
auto uninterrupted(Call call) {
    for (;;) {
        try {
            return call();
        } catch (const zmq::error_t& fault) {
            if (fault.num() != EINTR) throw;
        }
    }
}

zmq::socket_type type_of(Door::Kind kind) {
    switch (kind) {
        case Door::Kind::publish:
            return zmq::socket_type::push;
        case Door::Kind::subscribe:
            return zmq::socket_type::sub;
        case Door::Kind::request:
            return zmq::socket_type::dealer;
    }
    return zmq::socket_type::dealer;
}

void configure(zmq::socket_t& socket, Door::Kind kind) {
    socket.set(zmq::sockopt::maxmsgsize, max_message_bytes);
    socket.set(zmq::sockopt::handshake_ivl, handshake_limit_ms);
    socket.set(zmq::sockopt::heartbeat_ivl, heartbeat_ms);
    socket.set(zmq::sockopt::heartbeat_timeout, heartbeat_timeout_ms);
    socket.set(zmq::sockopt::heartbeat_ttl, heartbeat_ttl_ms);
    socket.set(zmq::sockopt::reconnect_ivl, reconnect_ms);
    socket.set(zmq::sockopt::reconnect_ivl_max, longest_reconnect_ms);
    socket.set(zmq::sockopt::ipv6, true);
    socket.set(zmq::sockopt::linger, 0);
    const bool subscribes = kind == Door::Kind::subscribe;
    // A SUB drops subscriptions above its SNDHWM when it reconnects: of 900 prefixes 600 survived
    // with the default of 1000 (libzmq 4.3.4, measured 2026-11).
    socket.set(zmq::sockopt::sndhwm, subscribes ? 0 : waiting_frames);
    socket.set(zmq::sockopt::rcvhwm, subscribes ? unread_events : waiting_frames);
}

}  // namespace

class DoorContext::Parts {
  public:
    zmq::context_t context{1};
};

DoorContext::DoorContext() : parts_(std::make_unique<Parts>()) {}
DoorContext::~DoorContext() = default;

class Door::Parts {
  public:
    Parts(asio::io_context& io, zmq::context_t& context, Kind kind, std::string address)
        : socket(context, type_of(kind)), descriptor(io), endpoint(std::move(address)) {
        configure(socket, kind);
        connect();
        // Last: from here on the destructor must run, or Asio would close what is ZeroMQ's.
        descriptor.assign(socket.get(zmq::sockopt::fd));
    }
    ~Parts() { close(std::chrono::milliseconds{0}); }

    void close(std::chrono::milliseconds linger) {
        // The descriptor belongs to ZeroMQ.
        if (descriptor.is_open()) descriptor.release();
        if (socket) socket.set(zmq::sockopt::linger, static_cast<int>(linger.count()));
        socket.close();
    }
    void wake() { descriptor.cancel(); }
    void connect() {
        try {
            uninterrupted([this] { socket.connect(endpoint); });
        } catch (const zmq::error_t& fault) {
            throw std::runtime_error("cannot connect to '" + endpoint + "': " + fault.what());
        }
    }

    zmq::socket_t socket;
    zmq::message_t received;
    std::vector<zmq::message_t> frames;
    std::vector<std::string_view> views;
    asio::posix::stream_descriptor descriptor;
    std::string endpoint;
};

Door::Door(asio::io_context& io, DoorContext& context, Kind kind, std::string endpoint)
    : parts_(std::make_unique<Parts>(io, context.parts().context, kind, std::move(endpoint))) {}

Door::~Door() = default;

bool Door::try_send(std::string_view frame) {
    if (!parts_->socket) return false;
    const auto sent = uninterrupted(
        [&] { return parts_->socket.send(zmq::buffer(frame), zmq::send_flags::dontwait); });
    parts_->wake();
    return sent.has_value();
}

std::optional<std::string_view> Door::try_receive() {
    if (!parts_->socket) return std::nullopt;
    do {
        const auto size = uninterrupted(
            [&] { return parts_->socket.recv(parts_->received, zmq::recv_flags::dontwait); });
        if (!size) return std::nullopt;
    } while (parts_->received.more());
    return parts_->received.to_string_view();
}

const std::vector<std::string_view>& Door::try_receive_frames() {
    auto& frames = parts_->frames;
    auto& views = parts_->views;
    frames.clear();
    views.clear();
    if (!parts_->socket) return views;
    do {
        auto& frame = frames.emplace_back();
        const auto size =
            uninterrupted([&] { return parts_->socket.recv(frame, zmq::recv_flags::dontwait); });
        if (!size) return views;
    } while (frames.back().more());
    // Only now: a small frame is inside of its message_t, which the vector may have moved.
    for (const auto& frame : frames) views.push_back(frame.to_string_view());
    return views;
}

asio::awaitable<void> Door::wait() {
    boost::system::error_code woken;
    auto token = asio::redirect_error(asio::use_awaitable, woken);
    co_await parts_->descriptor.async_wait(asio::posix::stream_descriptor::wait_read, token);
}

void Door::subscribe(std::string_view prefix) {
    uninterrupted([&] { parts_->socket.set(zmq::sockopt::subscribe, prefix); });
    parts_->wake();
}

void Door::unsubscribe(std::string_view prefix) {
    uninterrupted([&] { parts_->socket.set(zmq::sockopt::unsubscribe, prefix); });
    parts_->wake();
}

void Door::reconnect() {
    uninterrupted([&] { parts_->socket.disconnect(parts_->endpoint); });
    parts_->connect();
    parts_->wake();
}

void Door::close(std::chrono::milliseconds linger) { parts_->close(linger); }

}  // namespace coven
