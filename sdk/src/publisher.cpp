#include "publisher.hpp"

#include <random>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "coven/log.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

/// What the broker accepts by default: docs/wire.md, "Doors".
constexpr std::size_t max_frame_bytes = 64 << 10;
/// Without progress for this long the broker is asked what it expects.
constexpr auto ask_again_after = std::chrono::seconds(1);
/// Events that follow each other faster are sent together: each waking of ZeroMQ's thread, of the
/// broker and of its readers costs more than an event does.
constexpr auto gather_time = std::chrono::milliseconds(1);
/// So many wait for nothing more.
constexpr std::size_t most_gathered = 256;
/// How long a full socket is left alone before the next try.
constexpr auto retry_pause = std::chrono::milliseconds(20);

std::uint64_t random_id() {
    std::random_device source;
    const std::uint64_t high = source();
    const std::uint64_t id = (high << 32) | source();
    return id == 0 ? 1 : id;
}

}  // namespace

Publisher::Publisher(asio::io_context& io, DoorContext& context, const Endpoints& endpoints,
                     Clock& clock)
    : clock_(clock),
      events_(io, context, Door::Kind::publish, endpoints.publish),
      acks_(io, context, Door::Kind::subscribe, endpoints.subscribe),
      outbox_({}, random_id()),
      address_(endpoints.publish),
      changed_(io),
      stuck_(io),
      waits_(io) {
    asked_ = ack_topic();
    acks_.subscribe(asked_);
}

std::string Publisher::ack_topic() const {
    return fmt::format("~a.{:016x}", outbox_.producer_id()) + '\0';
}

Published Publisher::publish(const std::string& topic, v1::Event& event) {
    // Unknown fields would be written behind the tail, which must be last.
    auto* unknown = event.GetReflection()->MutableUnknownFields(&event);
    if (!unknown->empty()) unknown->Clear();
    set_tail(event, outbox_.producer_id(), outbox_.next_seq());
    auto frame = frame_of(topic, event);
    if (frame.size() > max_frame_bytes) {
        ++numbers_.too_large;
        return Published::too_large;
    }
    if (!outbox_.has_room(frame.size())) {
        ++numbers_.outbox_full;
        return Published::outbox_full;
    }
    ++numbers_.events;
    outbox_.add(std::move(frame));
    send_soon();
    return Published::queued;
}

void Publisher::send_soon() {
    const auto now = clock_.instant();
    const bool is_busy = now - last_sent_ < gather_time;
    if (is_busy && outbox_.count_unsent() < most_gathered) return waits_.wake();
    last_sent_ = now;
    send_waiting();
}

asio::awaitable<void> Publisher::send_gathered() {
    for (;;) {
        co_await waits_.wait();
        co_await clock_.sleep_until(last_sent_ + gather_time);
        last_sent_ = clock_.instant();
        send_waiting();
    }
}

void Publisher::send_waiting() {
    while (const auto* frame = outbox_.unsent()) {
        if (!events_.try_send(*frame)) {
            stuck_.wake();
            return;
        }
        outbox_.mark_sent();
    }
}

asio::awaitable<void> Publisher::room() {
    while (!outbox_.is_half_empty()) co_await changed_.wait();
}

asio::awaitable<void> Publisher::flushed() {
    while (!outbox_.empty()) co_await changed_.wait();
}

asio::awaitable<void> Publisher::run(std::function<void()> new_epoch) {
    auto again = race(keep_sending(), ask_again());
    auto sending = race(send_gathered(), std::move(again));
    co_await race(read_acks(std::move(new_epoch)), std::move(sending));
}

asio::awaitable<void> Publisher::read_acks(std::function<void()> new_epoch) {
    for (;;) {
        while (const auto frame = acks_.try_receive()) {
            const auto end = frame->find('\0');
            v1::PublishAck ack;
            if (end == std::string_view::npos || frame->substr(0, end + 1) != asked_) continue;
            const auto body = frame->substr(end + 1);
            if (!ack.ParseFromArray(body.data(), static_cast<int>(body.size()))) continue;
            take(ack, new_epoch);
        }
        co_await acks_.wait();
    }
}

void Publisher::take(const v1::PublishAck& ack, const std::function<void()>& new_epoch) {
    const auto news = outbox_.acknowledge(ack, random_id());
    numbers_.refused += news.refused.size();
    for (const auto& refused : news.refused) {
        log::warn("event_refused", {{"topic", refused.topic}, {"reason", refused.reason}});
    }
    if (news.new_producer) {
        acks_.unsubscribe(asked_);
        asked_ = ack_topic();
        acks_.subscribe(asked_);
    }
    progress_ = progress_ || news.progress;
    send_waiting();
    changed_.wake();
    if (news.new_epoch) new_epoch();
}

asio::awaitable<void> Publisher::keep_sending() {
    for (;;) {
        if (outbox_.unsent() == nullptr) {
            co_await stuck_.wait();
        } else {
            co_await clock_.sleep(retry_pause);
        }
        send_waiting();
    }
}

asio::awaitable<void> Publisher::ask_again() {
    for (;;) {
        progress_ = false;
        co_await clock_.sleep(ask_again_after);
        if (progress_ || outbox_.empty()) {
            if (std::exchange(silent_, false)) log::info("broker_answers", {});
            continue;
        }
        if (!std::exchange(silent_, true)) {
            log::warn("broker_silent", {{"waiting", outbox_.size()}, {"address", address_}});
        }
        outbox_.expect_to_go_back();
        acks_.unsubscribe(asked_);
        acks_.subscribe(asked_);
    }
}

void Publisher::close() {
    send_waiting();
    events_.close(std::chrono::milliseconds{0});
    acks_.close(std::chrono::milliseconds{0});
}

}  // namespace coven
