#include "link.hpp"

#include <utility>

#include "coven/log.hpp"
#include "coven/race.hpp"

namespace chat {

namespace {

/// Twitch's lines have been seen beyond 8 KiB (tags alone); this is far above anything honest.
constexpr std::size_t max_line_bytes = 256u << 10;

}  // namespace

Link::Link(std::unique_ptr<coven::WebSocket> socket, Dialogue dialogue, coven::Clock& clock,
           const boost::asio::any_io_executor& executor, Listener listener)
    : socket_(std::move(socket)),
      dialogue_(std::move(dialogue)),
      clock_(clock),
      listener_(std::move(listener)),
      splitter_(max_line_bytes),
      bell_(executor),
      last_sign_(clock.now()) {
    dialogue_.when_granted([this] { bell_.ring(); });
}

boost::asio::awaitable<void> Link::run() { co_await coven::race(read(), speak()); }

void Link::want(const std::string& channel, JoinQueue::Turn turn) {
    dialogue_.want(channel, turn);
    bell_.ring();
}

void Link::drop(const std::string& channel) {
    dialogue_.drop(channel);
    bell_.ring();
}

void Link::finish() {
    dialogue_.drain(clock_.instant());
    bell_.ring();
}

boost::asio::awaitable<void> Link::read() {
    for (;;) {
        const auto frame = co_await socket_->read();
        last_sign_ = clock_.now();
        hear(frame);
    }
}

void Link::hear(std::string_view frame) {
    bool changed = false;
    splitter_.feed(frame);
    while (const auto text = splitter_.next()) {
        const auto line = IrcLine::parse(*text);
        if (!line) continue;
        const auto heard = dialogue_.hear(*line, clock_.instant());
        changed = changed || heard.kind != Heard::Kind::message;
        listener_.line(*line, heard);
    }
    if (changed) bell_.ring();
    if (too_long_ == splitter_.dropped()) return;
    too_long_ = splitter_.dropped();
    coven::log::warn("line_too_long", {{"limit_bytes", max_line_bytes}, {"dropped", too_long_}});
}

/// Sends what is to be sent, when it is to be sent.
boost::asio::awaitable<void> Link::speak() {
    while (!dialogue_.drained()) {
        dialogue_.advance(clock_.instant());
        listener_.change();
        auto output = dialogue_.take_output();
        if (!output.empty()) {
            co_await socket_->write(std::move(output));
            continue;
        }
        if (dialogue_.failure()) throw coven::LinkLost(*dialogue_.failure());
        const auto deadline = dialogue_.deadline(clock_.instant());
        co_await coven::race(clock_.sleep_until(deadline), bell_.wait());
    }
}

}  // namespace chat
