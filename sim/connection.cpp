#include "connection.hpp"

#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "coven/log.hpp"

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;

namespace coven::sim {
namespace {

constexpr std::size_t most_kept_lines = 10'000;

/// Takes the next line off `rest`, without its CR LF or LF.
std::string_view next_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// At most `size` bytes of `text`, but no half code points: each text message is UTF-8.
std::size_t piece_size(std::string_view text, std::size_t size) {
    const auto goes_on = [&](std::size_t place) {
        return place < text.size() && (static_cast<unsigned char>(text[place]) & 0xC0) == 0x80;
    };
    size = std::min(std::max(size, std::size_t{1}), text.size());
    while (goes_on(size)) ++size;
    return size;
}

}  // namespace

Connection::Connection(std::uint64_t number, Shared& shared, ServerSocket& socket)
    : number_(number),
      shared_(shared),
      socket_(socket),
      session_(shared.chat, *this),
      outbox_(shared.outbox),
      bell_(shared.executor),
      began_(shared.chat.clock.instant()),
      asked_(began_),
      voice_(shared.voice) {
    set_delivery(shared.delivery);
}

asio::awaitable<void> Connection::run() {
    co_await (read_all() || write_all() || until_half_open());
    if (is_half_open_) co_await stay_half_open();
}

asio::awaitable<void> Connection::until_half_open() {
    while (!is_half_open_) co_await bell_.wait();
}

asio::awaitable<void> Connection::stay_half_open() {
    auto& clock = shared_.chat.clock;
    const auto end = clock.instant() + shared_.patience.half_open_limit;
    while (!is_dropped_ && !is_leaving_ && clock.instant() < end) {
        co_await (bell_.wait() || clock.sleep_until(end));
    }
}

asio::awaitable<void> Connection::read_all() {
    for (;;) {
        auto rest = co_await socket_.read();
        if (!rest) co_return;
        while (!rest->empty()) receive(next_line(*rest));
        shared_.changed.ring();
    }
}

void Connection::receive(std::string_view line) {
    ++shared_.tally.received;
    if (shared_.received.size() == most_kept_lines) shared_.received.pop_front();
    shared_.received.push_back(Received{.connection = number_, .line = std::string(line)});
    if (voice_ != Voice::silent && !is_leaving_) session_.receive(line);
}

asio::awaitable<void> Connection::write_all() {
    for (;;) {
        while (!is_due() && !is_leaving_) co_await bell_.wait();
        if (outbox_.empty()) break;
        const auto frame = outbox_.take();
        is_overdue_ = is_overdue_ && !outbox_.empty();
        writing_since_ = shared_.chat.clock.instant();
        const bool is_written = co_await deliver(frame);
        writing_since_.reset();
        if (!is_written) co_return;
        note_sent(frame.bytes);
    }
    co_await socket_.close(ServerSocket::normal_closure, "");
}

bool Connection::is_due() const {
    if (delivery_.kind != Delivery::Kind::packed || is_overdue_) return !outbox_.empty();
    return outbox_.has_whole_frame();
}

/// False when nothing more can be written.
asio::awaitable<bool> Connection::deliver(const Outbox::Frame& frame) {
    if (stops_half_way_) {
        co_await socket_.write_half_frame(frame.bytes);
        half_open();
        co_return false;
    }
    if (frame.kind == Outbox::Frame::Kind::binary) {
        co_return co_await socket_.write(frame.bytes, ServerSocket::Kind::binary);
    }
    if (delivery_.kind == Delivery::Kind::split) co_return co_await write_split(frame.bytes);
    if (delivery_.kind == Delivery::Kind::fragments) {
        co_return co_await socket_.write_fragments(frame.bytes, delivery_.size);
    }
    co_return co_await socket_.write(frame.bytes, ServerSocket::Kind::text);
}

asio::awaitable<bool> Connection::write_split(std::string_view text) {
    bool is_written = true;
    while (!text.empty() && is_written) {
        const auto piece = text.substr(0, piece_size(text, delivery_.size));
        text.remove_prefix(piece.size());
        is_written = co_await socket_.write(piece, ServerSocket::Kind::text);
    }
    co_return is_written;
}

void Connection::note_sent(std::string_view frame) {
    piece_.append(frame);
    std::string_view rest = piece_;
    while (rest.find('\n') != std::string_view::npos) {
        const auto line = next_line(rest);
        ++shared_.tally.sent;
        if (!shared_.sent_log) continue;
        shared_.sent_log->write({.connection = number_,
                                 .login = session_.login(),
                                 .time = shared_.chat.clock.now(),
                                 .line = line});
    }
    piece_.erase(0, piece_.size() - rest.size());
    shared_.spoken.ring();
}

void Connection::send(std::string_view line) {
    const bool is_sent = voice_ != Voice::silent && !is_cut_ && !is_half_open_;
    if (is_sent) take(outbox_.add_line(line));
}

void Connection::tell(std::string_view line) {
    if (voice_ == Voice::speaking) send(line);
}

void Connection::send_frame(std::string_view bytes, Outbox::Frame::Kind kind) {
    const bool is_sent = voice_ == Voice::speaking && !is_cut_ && !is_half_open_;
    if (is_sent) take(outbox_.add_frame(bytes, kind));
}

void Connection::set_delivery(Delivery delivery) {
    delivery_ = delivery;
    const bool is_packed = delivery.kind == Delivery::Kind::packed;
    outbox_.set_lines_per_frame(is_packed ? delivery.size : shared_.outbox.lines_per_frame);
    bell_.ring();
}

void Connection::take(Outbox::Added added) {
    if (added == Outbox::Added::full) return cut_for("does not read");
    bell_.ring();
}

void Connection::hang_up(const char* why) {
    if (is_leaving_) return;
    log::info("hung_up", {{"connection", number_}, {"reason", why}});
    say_goodbye();
}

void Connection::say_goodbye() {
    is_leaving_ = true;
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
    // What waits would only take up room, and everything that waits for it would wait for ever.
    outbox_.clear();
    writing_since_.reset();
    bell_.ring();
    shared_.spoken.ring();
}

void Connection::cut_for(const char* why) {
    if (is_cut_) return;
    is_cut_ = true;
    ++shared_.tally.cut;
    log::warn("client_cut", {{"connection", number_}, {"reason", why}});
    cut();
}

void Connection::ask_to_reconnect() {
    session_.ask_to_reconnect();
    leaves_at_ = shared_.chat.clock.instant() + shared_.patience.reconnect_grace;
}

void Connection::look_after(Instant now) {
    const auto& patience = shared_.patience;
    if (is_half_open_) return;
    if (!outbox_.empty()) {
        is_overdue_ = true;
        bell_.ring();
    }
    if (!session_.is_logged_in() && now >= began_ + patience.login_limit)
        return cut_for("no login");
    if (writing_since_ && now >= *writing_since_ + patience.write_limit) return cut_for("stuck");
    if (leaves_at_ && now >= *leaves_at_) return say_goodbye();
    if (!session_.answered()) {
        if (now >= asked_ + patience.answer_limit) cut_for("no answer to PING");
        return;
    }
    if (!session_.is_logged_in() || now < asked_ + patience.ping_every) return;
    asked_ = now;
    session_.ask();
}

}  // namespace coven::sim
