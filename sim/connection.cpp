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

}  // namespace

Connection::Connection(std::uint64_t number, Shared& shared, ServerSocket& socket)
    : number_(number),
      shared_(shared),
      socket_(socket),
      session_(shared.chat, *this),
      outbox_(shared.outbox),
      bell_(shared.executor),
      began_(shared.chat.clock.instant()),
      asked_(began_) {}

asio::awaitable<void> Connection::run() { co_await (read_all() || write_all()); }

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
    if (!shared_.is_silent && !is_leaving_) session_.receive(line);
}

asio::awaitable<void> Connection::write_all() {
    for (;;) {
        while (outbox_.empty() && !is_leaving_) co_await bell_.wait();
        if (outbox_.empty()) break;
        const auto frame = outbox_.take();
        writing_since_ = shared_.chat.clock.instant();
        const bool is_written = co_await socket_.write(frame);
        writing_since_.reset();
        if (!is_written) co_return;
        note_sent(frame);
    }
    co_await socket_.close();
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
    if (!shared_.is_silent && !is_cut_) take(outbox_.add_line(line));
}

void Connection::send_frame(std::string_view bytes) {
    if (!shared_.is_silent && !is_cut_) take(outbox_.add_frame(bytes));
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

void Connection::cut() { socket_.cut(); }

void Connection::cut_for(const char* why) {
    if (is_cut_) return;
    is_cut_ = true;
    ++shared_.tally.cut;
    log::warn("client_cut", {{"connection", number_}, {"reason", why}});
    cut();
}

void Connection::ask_to_reconnect() {
    session_.hear(ServerLine(":tmi.twitch.tv RECONNECT"));
    leaves_at_ = shared_.chat.clock.instant() + shared_.patience.reconnect_grace;
}

void Connection::look_after(Instant now) {
    const auto& patience = shared_.patience;
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
