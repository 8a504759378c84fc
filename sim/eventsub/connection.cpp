#include "connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "coven/log.hpp"
#include "web_message.hpp"

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;

namespace coven::sim::eventsub {
namespace {

/// How long one message may take to be written.
constexpr auto write_limit = std::chrono::minutes(1);
/// How long a connection that is half open is kept.
constexpr auto half_open_limit = std::chrono::minutes(10);
constexpr Outbox::Limits outbox_limits;

struct Ending {
    CloseCode code;
    /// As it is told to the client.
    std::string_view reason;
    std::string_view status;
};
constexpr std::array endings = {
    Ending{CloseCode::internal_error, "internal server error", "websocket_internal_error"},
    Ending{CloseCode::inbound_traffic, "client sent inbound traffic",
           "websocket_received_inbound_traffic"},
    Ending{CloseCode::failed_ping_pong, "client failed ping-pong", "websocket_failed_ping_pong"},
    Ending{CloseCode::unused, "connection unused", "websocket_connection_unused"},
    Ending{CloseCode::grace_expired, "reconnect grace time expired",
           "websocket_failed_to_reconnect"},
    Ending{CloseCode::network_timeout, "network timeout", "websocket_network_timeout"},
    Ending{CloseCode::network_error, "network error", "websocket_network_error"},
    Ending{CloseCode::invalid_reconnect, "invalid reconnect", "websocket_disconnected"},
};

/// nullptr = a code that is not Twitch's own.
const Ending* ending_of(unsigned code) {
    const auto* const found =
        std::ranges::find(endings, static_cast<CloseCode>(code), &Ending::code);
    return found == endings.end() ? nullptr : found;
}

std::string_view reason_of(unsigned code) {
    const auto* const ending = ending_of(code);
    return ending == nullptr ? std::string_view() : ending->reason;
}

}  // namespace

Dialled read_target(std::string_view target) {
    WebRequest request;
    set_target(request, target);
    Dialled dialled;
    const auto wish = value_of(request.query, "keepalive_timeout_seconds");
    std::uint32_t seconds = 0;
    std::from_chars(wish.data(), wish.data() + wish.size(), seconds);
    // What is asked for and is too little is bent as what is too much; 0 would be no wish.
    if (!wish.empty()) dialled.keepalive = std::chrono::seconds(std::max(seconds, 1u));
    dialled.challenge = value_of(request.query, "challenge");
    dialled.session_id = value_of(request.query, "id");
    return dialled;
}

std::string_view status_after(unsigned code) {
    const auto* const ending = ending_of(code);
    return ending == nullptr ? "websocket_disconnected" : ending->status;
}

Connection::Connection(std::uint64_t number, const asio::any_io_executor& executor, Hub& hub,
                       ServerSocket& socket)
    : number_(number), hub_(hub), socket_(socket), outbox_(outbox_limits), bell_(executor) {
    socket_.on_pong([this] {
        if (session_ != nullptr) session_->state.ponged();
    });
}

asio::awaitable<void> Connection::run() {
    co_await clock().sleep(hub_.faults().welcome_pause);
    auto dialled = read_target(socket_.path());
    dialled.origin = socket_.origin();
    session_ = hub_.open(*this, dialled);
    if (session_ == nullptr) {
        const auto code = static_cast<unsigned>(CloseCode::invalid_reconnect);
        log::info("reconnect_refused", {{"connection", number_}, {"code", code}});
        co_return co_await socket_.close(code, reason_of(code));
    }
    co_await serve();
    if (is_half_open_) co_await stay_half_open();
    end_session(is_dropped_ ? "websocket_network_error" : "websocket_disconnected");
}

asio::awaitable<void> Connection::serve() {
    co_await (read_all() || write_all() || watch() || until_half_open());
}

asio::awaitable<void> Connection::until_half_open() {
    while (!is_half_open_ && !is_dropped_) co_await bell_.wait();
}

/// Nobody who is half open answers a ping.
asio::awaitable<void> Connection::stay_half_open() {
    const auto end = clock().instant() + half_open_limit;
    while (!is_dropped_ && !code_ && clock().instant() < end) {
        const auto limit = session_ == nullptr ? end : std::min(end, session_->state.next());
        co_await (bell_.wait() || clock().sleep_until(limit));
        if (session_ == nullptr) continue;
        const auto now = clock().instant();
        using What = SessionState::Due::What;
        const auto due = session_->state.due(now);
        if (due.what == What::ping) session_->state.pinged(now);
        if (due.what == What::keepalive) session_->state.sent(now);
        if (due.what == What::close) end_session(status_after(static_cast<unsigned>(due.code)));
    }
}

asio::awaitable<void> Connection::read_all() {
    for (;;) {
        const auto message = co_await socket_.read();
        if (!message) co_return;
        if (voice_ != Voice::silent) close(static_cast<unsigned>(CloseCode::inbound_traffic));
    }
}

asio::awaitable<void> Connection::write_all() {
    for (;;) {
        while (outbox_.empty() && !is_ping_due_ && !code_) co_await bell_.wait();
        bool is_written = true;
        writing_since_ = clock().instant();
        bell_.ring();
        if (!outbox_.empty()) {
            const auto frame = outbox_.take();
            is_written = co_await deliver(frame);
        } else if (std::exchange(is_ping_due_, false)) {
            is_written = co_await socket_.ping();
        } else {
            break;
        }
        writing_since_.reset();
        if (!is_written) co_return;
    }
    co_await socket_.close(*code_, reason_of(*code_));
}

/// False when nothing more can be written.
asio::awaitable<bool> Connection::deliver(const Outbox::Frame& frame) {
    if (stops_half_way_) {
        co_await socket_.write_half_frame(frame.bytes);
        half_open();
        co_return false;
    }
    const bool is_text = frame.kind == Outbox::Frame::Kind::text;
    const auto kind = is_text ? ServerSocket::Kind::text : ServerSocket::Kind::binary;
    co_return co_await socket_.write(frame.bytes, kind);
}

asio::awaitable<void> Connection::watch() {
    for (;;) {
        if (voice_ == Voice::silent || code_) {
            co_await bell_.wait();
            continue;
        }
        look_after(clock().instant());
        if (code_) continue;
        co_await (bell_.wait() || clock().sleep_until(next_look()));
    }
}

void Connection::look_after(Instant now) {
    using What = SessionState::Due::What;
    if (writing_since_ && now >= *writing_since_ + write_limit) return cut();
    const auto due = session_->state.due(now);
    if (due.what == What::close) return close(static_cast<unsigned>(due.code));
    if (due.what == What::keepalive) return hub_.keep_alive(*session_);
    if (due.what != What::ping) return;
    session_->state.pinged(now);
    is_ping_due_ = true;
    bell_.ring();
}

Instant Connection::next_look() const {
    const auto next = session_->state.next();
    return writing_since_ ? std::min(next, *writing_since_ + write_limit) : next;
}

bool Connection::send(std::string_view message) {
    const bool is_sent = voice_ != Voice::silent && !is_half_open_ && !is_dropped_ && !code_;
    if (is_sent) take(outbox_.add_frame(message, Outbox::Frame::Kind::text));
    return is_sent;
}

bool Connection::tell(std::string_view message) {
    return voice_ == Voice::speaking && send(message);
}

void Connection::send_frame(std::string_view bytes, Outbox::Frame::Kind kind) {
    if (!is_half_open_ && !is_dropped_) take(outbox_.add_frame(bytes, kind));
}

void Connection::take(Outbox::Added added) {
    if (added == Outbox::Added::full) {
        log::warn("client_cut", {{"connection", number_}, {"reason", "does not read"}});
        return cut();
    }
    bell_.ring();
}

void Connection::ask_to_reconnect() {
    if (session_ != nullptr) hub_.ask_to_reconnect(*session_);
}

void Connection::close(unsigned code) {
    if (code_) return;
    log::info("hung_up", {{"connection", number_}, {"code", code}, {"reason", reason_of(code)}});
    code_ = code;
    end_session(status_after(code));
    bell_.ring();
}

void Connection::cut() {
    is_dropped_ = true;
    socket_.cut();
    bell_.ring();
}

void Connection::reset() {
    socket_.reset();
    cut();
}

void Connection::half_open() {
    is_half_open_ = true;
    outbox_.clear();
    writing_since_.reset();
    bell_.ring();
}

void Connection::set_voice(Voice voice) {
    voice_ = voice;
    bell_.ring();
}

void Connection::end_session(std::string_view status) {
    if (session_ == nullptr) return;
    hub_.end(*std::exchange(session_, nullptr), status);
}

}  // namespace coven::sim::eventsub
