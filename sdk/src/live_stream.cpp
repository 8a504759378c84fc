#include "live_stream.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "coven/log.hpp"
#include "heads.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

/// The broker's own topics; the word behind it is its name, which can be configured.
constexpr std::string_view broker_prefix = "bus.broker.";
/// A barrier is asked for again under a new token after this.
constexpr auto barrier_limit = std::chrono::seconds(3);
/// Seconds without a tick before the connection is given up; doubled each time up to the longest.
constexpr int first_silence_limit = 3;
constexpr int longest_silence_limit = 48;
/// Events from before the first barrier, which were promised to nobody, are kept up to this number.
constexpr std::size_t most_unconfirmed = 10'000;
/// By the broker's clock: one is sent each second.
constexpr std::uint64_t longest_tick_pause_us = 2'500'000;
/// Of those that nobody has taken.
constexpr std::size_t most_ticks = 10;
/// At least this long from one listing of the heads to the next.
constexpr auto reconcile_pause = std::chrono::seconds(1);
/// The loop gets a turn after this many frames: a flood held a 10 ms timer up by 39 ms without.
constexpr int frames_per_turn = 64;

std::string random_token() {
    std::random_device source;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", source(), source(), source(), source());
}

std::vector<std::string> prefixes_for(const std::vector<Pattern>& patterns) {
    std::set<std::string> prefixes = {std::string(broker_prefix)};
    for (const auto& pattern : patterns) {
        prefixes.insert(pattern.prefix());
        // The empty prefix brings the beacons along.
        if (!pattern.prefix().empty()) prefixes.insert("~h." + pattern.prefix());
    }
    return {prefixes.begin(), prefixes.end()};
}

bool is_tick(std::string_view topic) {
    return topic.starts_with(broker_prefix) && topic.ends_with(".tick");
}

template <class Message>
bool parse(std::string_view body, Message& message) {
    return message.ParseFromArray(body.data(), static_cast<int>(body.size()));
}

}  // namespace

LiveStream::LiveStream(std::shared_ptr<Bus::Core> bus, std::vector<Pattern> wanted, Use use)
    : core_(std::move(bus)),
      patterns_(std::move(wanted)),
      use_(use),
      prefixes_(prefixes_for(patterns_)),
      door_(core_->io, core_->context, Door::Kind::subscribe, core_->endpoints.subscribe),
      silence_limit_(first_silence_limit) {
    for (const auto& prefix : prefixes_) door_.subscribe(prefix);
    ask_barrier();
}

LiveStream::~LiveStream() { *alive_ = false; }

void LiveStream::ask_barrier() {
    if (!token_topic_.empty()) door_.unsubscribe(token_topic_);
    token_topic_ = "~s." + random_token() + '\0';
    token_answered_ = false;
    token_asked_ = core_->clock.instant();
    // Last, so that nothing sorts behind it when libzmq sends the subscriptions again.
    door_.subscribe(token_topic_);
}

void LiveStream::drain() {
    // Until the barrier has come, events that came before it do not keep us from reading on.
    for (int frames = 0; frames < frames_per_turn && !has_enough(); ++frames) {
        const auto frame = door_.try_receive();
        if (!frame) return;
        silent_seconds_ = 0;
        take(*frame);
    }
}

asio::awaitable<void> LiveStream::pump() {
    const auto before = silent_seconds_;
    silent_seconds_ = -1;
    drain();
    const bool heard = silent_seconds_ == 0;
    if (!heard) silent_seconds_ = before;
    const auto asked_for = core_->clock.instant() - token_asked_;
    if (!token_answered_ && asked_for >= barrier_limit) ask_barrier();
    if (has_enough()) co_return;
    if (heard) {
        co_await asio::post(asio::use_awaitable);
        co_return;
    }
    const auto woken = co_await race(door_.wait(), core_->clock.sleep(std::chrono::seconds(1)));
    if (woken.index() == 1) watch();
}

void LiveStream::watch() {
    // Counted in short waits: a program that was stopped for a while must first read what came.
    if (++silent_seconds_ < silence_limit_) return;
    silence_limit_ = std::min(silence_limit_ * 2, longest_silence_limit);
    silent_seconds_ = 0;
    new_connection_ = true;
    door_.reconnect();
    ask_barrier();
}

void LiveStream::take(std::string_view frame) {
    const auto end = frame.find('\0');
    if (end == std::string_view::npos) return;
    const auto topic = frame.substr(0, end);
    const auto body = frame.substr(end + 1);
    if (topic == std::string_view(token_topic_).substr(0, token_topic_.size() - 1)) {
        v1::Barrier barrier;
        if (parse(body, barrier)) take_barrier(barrier);
    } else if (topic.starts_with("~h.")) {
        v1::HeadBeacon head;
        if (parse(body, head)) take_head(head);
    } else if (!topic.starts_with('~')) {
        if (is_tick(topic)) take_tick(body);
        take_event(frame);
    }
}

void LiveStream::take_barrier(const v1::Barrier& barrier) {
    if (barrier.prefixes() < prefixes_.size() && !sent_again_) {
        // Our subscriptions did not all arrive: a new connection sends them all again.
        sent_again_ = true;
        log::warn("subscriptions_missing",
                  {{"sent", prefixes_.size()}, {"known", barrier.prefixes()}});
        door_.reconnect();
        return;
    }
    sent_again_ = false;
    // A second answer to one question: libzmq has asked again on a new connection.
    const bool reconnected = std::exchange(token_answered_, true) || new_connection_;
    new_connection_ = false;
    silence_limit_ = first_silence_limit;
    const auto first_offset =
        barrier.epochs().empty() ? 1 : barrier.epochs().rbegin()->first_offset();
    const auto losses = losses_.confirm(barrier.bus_epoch(), barrier.offset(), first_offset);
    tell(losses);
    if (!confirmed) barrier_ = barrier;
    confirmed = true;
    if (reconnected || !losses.empty()) {
        heads_.clear();
        reconcile();
        return;
    }
    // Asked for before this barrier: all events up to these heads were sent before it.
    for (const auto& head : heads_) take_head(head);
    heads_.clear();
}

void LiveStream::take_head(const v1::HeadBeacon& head) {
    if (!wanted(head.topic())) return;
    if (const auto lost = losses_.check(head)) tell({*lost});
}

void LiveStream::take_tick(std::string_view body) {
    v1::Event event;
    v1::Tick tick;
    if (!parse(body, event) || !event.proto_data().UnpackTo(&tick)) return;
    const auto before = std::exchange(last_tick_us_, event.received_us());
    // What was too much for this reader may have taken the last event of a topic along, too.
    const bool missed = before > 0 && event.received_us() > before + longest_tick_pause_us;
    if (heads_wanted_ || missed) reconcile();
    ticks.push_back(std::move(tick));
    if (ticks.size() > most_ticks) ticks.pop_front();
}

void LiveStream::take_event(std::string_view frame) {
    auto event = Event::parse(frame);
    if (event.has_error()) {
        log::warn("undecodable_event", {{"reason", event.error().message}});
        return;
    }
    const auto& message = event->message();
    const Numbers numbers{message.bus_epoch(), message.offset(), message.topic_seq(),
                          message.prev_offset()};
    if (!wanted(event->topic())) return;
    const auto losses = losses_.arrive(event->topic(), numbers);
    if (!losses.empty()) {
        tell(losses);
        reconcile();
    }
    // States of one thing share its id, such as a stream's; each of them counts.
    const bool may_repeat = use_ == Use::merge || (message.flags() & v1::EVENT_FLAG_STATE) != 0;
    if (!may_repeat && !recent_.is_new(event->topic(), event->id(), core_->clock.instant())) {
        ++duplicates;
        ++core_->subscriptions.duplicates;
    } else if (confirmed || ready.size() < most_unconfirmed) {
        ready.push_back(std::move(*event));
    }
}

void LiveStream::tell(const std::vector<v1::Lost>& losses) {
    for (const auto& lost : losses) {
        if (use_ == Use::merge) {
            ready.push_back(Event::of_loss(lost));
            continue;
        }
        ++core_->subscriptions.losses;
        if (lost.first_seq() > 0) {
            core_->subscriptions.lost_events += lost.last_seq() - lost.first_seq() + 1;
        }
        ready.push_back(Event::of_loss(lost));
    }
}

bool LiveStream::wanted(std::string_view topic) const {
    const auto fits = [&](const Pattern& pattern) { return pattern.matches(topic); };
    return std::any_of(patterns_.begin(), patterns_.end(), fits);
}

void LiveStream::reconcile() {
    heads_wanted_ = true;
    const auto now = core_->clock.instant();
    // A tick will come by and start it again.
    if (reconciling_ || now - reconciled_at_ < reconcile_pause) return;
    reconciling_ = true;
    heads_wanted_ = false;
    reconciled_at_ = now;
    std::vector<std::string> prefixes;
    for (const auto& pattern : patterns_) prefixes.emplace_back(pattern.beginning());
    const auto heads = std::make_shared<std::vector<v1::HeadBeacon>>();
    core_->start(fetch_heads(core_, std::move(prefixes), heads),
                 [this, alive = alive_, heads](const std::exception_ptr& failure) {
                     if (*alive) reconciled(failure, std::move(*heads));
                 });
}

void LiveStream::reconciled(const std::exception_ptr& failure, std::vector<v1::HeadBeacon> heads) {
    reconciling_ = false;
    // The broker did not answer: its next tick, or silence, starts this again.
    if (failure) heads_wanted_ = true;
    if (failure) return;
    heads_ = std::move(heads);
    ask_barrier();
}

}  // namespace coven
