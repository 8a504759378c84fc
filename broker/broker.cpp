#include "broker.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <sched.h>

#include "broker_metrics.hpp"
#include "coven/log.hpp"
#include "zmq_io.hpp"

namespace coven::broker {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// One turn of the loop serves no door longer than this, so that none waits for another.
constexpr int events_per_turn = 1000;
constexpr std::size_t requests_per_turn = 100;
constexpr std::size_t beacons_per_turn = 1000;
/// More than twice `events_per_turn`, since each new publisher is looked at twice: the queue
/// cannot grow.
constexpr std::size_t acks_per_turn = 2500;
/// The clocks cost more than the rest of some events.
constexpr int events_per_clock = 32;

constexpr auto tick_interval = seconds(1);
constexpr auto presence_interval = milliseconds(250);
constexpr auto drops_interval = seconds(10);
/// When nothing came for so long, what was held back to be sent together goes out.
constexpr auto lull = milliseconds(1);

}  // namespace

Broker::Broker(const Settings& settings, const Parts& parts, std::unique_ptr<Journal> journal)
    : doors_(parts.doors),
      clock_(parts.clock),
      metrics_(parts.metrics),
      router_(1, settings.limits, drops_),
      states_(settings.max_state_bytes),
      storage_({parts.folder, router_, states_, settings.journal.keep_raw}, std::move(journal)),
      kinds_(connectors_, wanted_channels_),
      calls_(connectors_, storage_),
      announcer_(settings.id),
      desk_({router_, connections_, vitals_, connectors_, kinds_, channels_, wanted_channels_,
             drops_, states_, consumers_, storage_, calls_}),
      request_door_(parts.doors.request(), desk_, drops_),
      next_tick_(clock_.instant()),
      last_tick_(next_tick_),
      next_presence_check_(next_tick_),
      drops_logged_at_(next_tick_) {
    vitals_.started_us = moment().unix_us;
    show({router_, connections_, vitals_, connectors_, drops_, desk_, storage_, calls_.table()},
         metrics_);
    if (storage_.has_journal()) {
        history_ = std::make_unique<HistoryDesk>(parts.context, storage_.journal());
    }
}

void Broker::restore_consumers() {
    const auto restore = [this](std::string_view name, std::string_view bytes) {
        if (consumers_.restore(name, bytes)) return;
        log::error("consumer_unreadable", {{"name", name}});
    };
    const auto read = storage_.journal().for_each(SideTable::cursors, restore);
    if (read.has_error()) log::error("journal_damaged", {{"reason", read.error().message}});
}

void Broker::restore_channels() {
    const auto restore = [this](std::string_view key, std::string_view bytes) {
        if (wanted_channels_.restore(bytes)) return;
        log::error("wanted_channel_unreadable", {{"key", key}});
    };
    const auto read = storage_.journal().for_each(SideTable::channels, restore);
    if (read.has_error()) log::error("journal_damaged", {{"reason", read.error().message}});
}

Result<void> Broker::begin(Recovered recovered) {
    if (storage_.has_journal()) {
        restore_consumers();
        restore_channels();
    }
    calls_.restore();
    auto begun = storage_.begin(std::move(recovered), moment());
    calls_.begin(router_.bus_epoch());
    kinds_.begin(router_.bus_epoch(), moment());
    return begun;
}

Moment Broker::moment() const { return {clock_.instant(), microseconds_since_epoch(clock_.now())}; }

Result<void> Broker::run(int stop) {
    while (!wait(stop)) {
        serve_storage();
        if (!storage_.failure().empty()) return Error(storage_.failure());
        serve_publish();
        serve_subscribe();
        serve_requests();
        watch_connections();
        do_duties();
        storage_.flush(moment());
        // ZeroMQ's thread shall write what was sent before more comes: with two CPUs it would wait
        // for one until this turn's successor is done (docs/decisions/0014-gathered-writes.md).
        sched_yield();
    }
    return {};
}

bool Broker::wait(int stop) {
    std::array<zmq_pollitem_t, 7> all = {{
        {nullptr, stop, ZMQ_POLLIN, 0},
        {doors_.subscribe().handle(), 0, ZMQ_POLLIN, 0},
        {doors_.request().handle(), 0, ZMQ_POLLIN, 0},
        {doors_.monitor().handle(), 0, ZMQ_POLLIN, 0},
    }};
    std::size_t count = 4;
    const auto add = [&](zmq::socket_t& socket) {
        all.at(count++) = {socket.handle(), 0, ZMQ_POLLIN, 0};
    };
    if (storage_.takes_events()) add(doors_.publish());
    if (storage_.has_journal()) add(storage_.journal().news());
    if (history_ != nullptr) add(history_->socket());
    const auto limit = time_to_next_duty().count();
    // It may fail with EINTR after a SIGSTOP; then nothing is marked as ready.
    const int ready = zmq_poll(all.data(), static_cast<int>(count), static_cast<long>(limit));
    if (ready == 0 && links_.may_hold_back()) {
        links_.flush();
    } else {
        links_.written();
    }
    return all.front().revents != 0;
}

milliseconds Broker::time_to_next_duty() const {
    if (links_.may_hold_back()) return lull;
    auto next = next_tick_;
    if (connectors_.size() > 0) next = std::min(next, next_presence_check_);
    if (!router_.quiet_topics().empty()) next = std::min(next, router_.quiet_topics().next_run());
    if (const auto round = router_.next_ack_round()) next = std::min(next, *round);
    if (const auto deadline = calls_.next_deadline()) next = std::min(next, *deadline);
    if (const auto look = storage_.next_look()) next = std::min(next, *look);
    const auto left = std::chrono::ceil<milliseconds>(next - clock_.instant());
    return std::max(left, milliseconds(0));
}

void Broker::serve_publish() {
    auto now = moment();
    int events = 0;
    for (; events < events_per_turn && storage_.takes_events(); ++events) {
        if (!receive(doors_.publish(), frame_)) break;
        if (events % events_per_clock == events_per_clock - 1) now = moment();
        serve_event(now);
    }
    vitals_.received += static_cast<std::uint64_t>(events);
    router_.end_turn();
    for (const auto id : router_.producers().take_urgent()) send_ack(id, now);
}

void Broker::serve_event(const Moment& now) {
    if (frame_.more()) {
        skip_rest(doors_.publish(), frame_);
        return drops_.count(Drop::frame_malformed);
    }
    const auto size = frame_.size();
    auto* bytes = static_cast<char*>(frame_.data());
    const auto outcome = router_.take({bytes, size}, Router::From::publisher, now);
    if (outcome == Router::Outcome::dropped) return;
    // Writing into a received frame is safe while nobody else holds it: it came over tcp or ipc
    // and was not sent yet.
    if (outcome == Router::Outcome::stamped) return hand_on(frame_);
    zmq::message_t longer(size + tail_bytes);
    std::memcpy(longer.data(), bytes, size);
    std::memcpy(static_cast<char*>(longer.data()) + size, router_.tail().data(), tail_bytes);
    hand_on(longer);
}

void Broker::hand_on(zmq::message_t& frame) {
    // The journal takes its copy of the bytes before the frame is gone.
    const auto bytes = view_of(frame);
    if (router_.is_kept()) {
        storage_.append(bytes);
    } else {
        storage_.pass(bytes);
    }
    if (!states_.take(router_.topic(), router_.flags(), bytes)) drops_.count(Drop::state_not_kept);
    send(doors_.subscribe(), frame);
}

void Broker::publish_own(std::string frame, const Moment& now) {
    const auto outcome = router_.take({frame.data(), frame.size()}, Router::From::broker, now);
    if (outcome == Router::Outcome::dropped) return;
    const auto& tail = router_.tail();
    if (outcome == Router::Outcome::tail_needed) frame.append(tail.data(), tail.size());
    zmq::message_t message(frame);
    hand_on(message);
}

void Broker::serve_storage() {
    const auto now = moment();
    storage_.serve(now);
    if (const auto degraded = storage_.take_announcement()) {
        publish_own(announcer_.degraded_frame(*degraded, now), now);
        if (storage_.storing()) {
            metrics_.ready();
        } else {
            metrics_.not_ready("nothing is stored: " + degraded->reason());
        }
    }
    request_door_.serve_stored(storage_);
    calls_.serve_stored(now);
    request_door_.serve_calls(calls_, now);
    if (history_ != nullptr) request_door_.serve_history(*history_);
}

void Broker::serve_requests() {
    const auto now = moment();
    request_door_.serve(requests_per_turn, now, history_.get());
    request_door_.serve_calls(calls_, now);
}

void Broker::do_duties() {
    const auto now = moment();
    send_acks(now);
    announce_gone(now);
    calls_.serve_due(now);
    request_door_.serve_calls(calls_, now);
    router_.quiet_topics().run(now.instant, beacons_per_turn, [this](const TopicEntry& topic) {
        send(doors_.subscribe(), beacon_frame(topic, router_.bus_epoch()));
    });
    if (links_.look_due(now.instant)) look_at_links();
    if (now.instant >= next_tick_) tick(now);
}

void Broker::send_acks(const Moment& now) {
    if (router_.ack_round_due(now)) router_.start_ack_round(now);
    auto budget = acks_per_turn;
    while (const auto id = router_.next_ack(budget, now)) send_ack(*id, now);
}

void Broker::send_ack(std::uint64_t producer_id, const Moment& now) {
    ++vitals_.acks;
    auto ack = router_.producers().ack(producer_id, router_.bus_epoch(), now);
    const auto* mark = std::as_const(router_.producers()).find(producer_id);
    const bool all_kept = mark == nullptr || mark->stored;
    ack.set_stored(router_.keeping() != Router::Keeping::none && all_kept);
    send(doors_.subscribe(), frame_of(ack_topic(producer_id), ack));
}

void Broker::announce_gone(const Moment& now) {
    if (now.instant < next_presence_check_ && !connectors_.has_news()) return;
    next_presence_check_ = now.instant + presence_interval;
    for (const auto& presence : connectors_.take_gone(now)) {
        log::info("connector_gone", {{"instance", presence.instance()},
                                     {"kind", presence.kind()},
                                     {"reason", presence.reason()}});
        channels_.lose(presence, now);
        calls_.lose({presence.kind(), presence.instance()}, now);
        publish_own(announcer_.gone_frame(presence, now), now);
    }
}

void Broker::tick(const Moment& now) {
    const std::chrono::duration<double> passed = now.instant - last_tick_;
    const auto events = static_cast<double>(router_.events() - last_tick_events_);
    vitals_.rate = passed.count() > 0 ? events / passed.count() : 0;
    metrics_.turn(now.instant - next_tick_);
    last_tick_ = now.instant;
    last_tick_events_ = router_.events();
    // After a long stop there is no need to make up for what was missed.
    next_tick_ = std::max(next_tick_ + tick_interval, now.instant);
    send(doors_.subscribe(), announcer_.tick_frame(router_, now));
    router_.producers().forget_old(now);
    if (storage_.storing()) {
        const auto oldest = storage_.journal().numbers().oldest_offset;
        if (oldest > 0) router_.forget_epochs_before(oldest);
    }
    channels_.forget_old(now);
    calls_.tidy(now);
    log_drops(now);
}

void Broker::log_drops(const Moment& now) {
    if (now.instant - drops_logged_at_ < drops_interval) return;
    const auto grown = drops_.since(drops_logged_);
    if (grown.empty()) return;
    log::warn("dropped", {{"reasons", grown}});
    drops_logged_ = drops_;
    drops_logged_at_ = now.instant;
}

}  // namespace coven::broker
