#include "subscription.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "coven/log.hpp"
#include "run_to_end.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

const std::string tick_topic = "bus.broker.main.tick";
/// A barrier is asked for again under a new token after this.
constexpr auto barrier_limit = std::chrono::seconds(3);
constexpr auto heads_limit = std::chrono::seconds(3);
/// Seconds without a tick before the connection is given up; doubled each time up to the longest.
constexpr int first_silence_limit = 3;
constexpr int longest_silence_limit = 48;
/// The loop gets a turn after this many frames: a flood held a 10 ms timer up by 39 ms without.
constexpr int frames_per_turn = 64;

std::string random_token() {
    std::random_device source;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", source(), source(), source(), source());
}

std::vector<std::string> prefixes_for(const std::vector<Pattern>& patterns) {
    std::set<std::string> prefixes = {tick_topic + '\0'};
    for (const auto& pattern : patterns) {
        prefixes.insert(pattern.prefix());
        // The empty prefix brings the beacons along.
        if (!pattern.prefix().empty()) prefixes.insert("~h." + pattern.prefix());
    }
    return {prefixes.begin(), prefixes.end()};
}

template <class Message>
bool parse(std::string_view body, Message& message) {
    return message.ParseFromArray(body.data(), static_cast<int>(body.size()));
}

}  // namespace

Subscription::State::State(std::shared_ptr<Bus::Core> bus, std::vector<Pattern> wanted)
    : core(std::move(bus)),
      patterns_(std::move(wanted)),
      prefixes_(prefixes_for(patterns_)),
      door_(core->io, core->context, Door::Kind::subscribe, core->endpoints.subscribe),
      silence_limit_(first_silence_limit) {
    for (const auto& prefix : prefixes_) door_.subscribe(prefix);
    ask_barrier();
}

Subscription::State::~State() {
    *alive_ = false;
    stop_.emit(asio::cancellation_type::terminal);
}

void Subscription::State::ask_barrier() {
    if (!token_topic_.empty()) door_.unsubscribe(token_topic_);
    token_topic_ = "~s." + random_token() + '\0';
    token_answered_ = false;
    token_asked_ = core->clock.instant();
    // Last, so that nothing sorts behind it when libzmq sends the subscriptions again.
    door_.subscribe(token_topic_);
}

void Subscription::State::drain() {
    // Until the barrier has come, events that came before it do not keep us from reading on.
    for (int frames = 0; frames < frames_per_turn && !has_enough(); ++frames) {
        const auto frame = door_.try_receive();
        if (!frame) return;
        silent_seconds_ = 0;
        take(*frame);
    }
}

asio::awaitable<void> Subscription::State::pump() {
    const auto before = silent_seconds_;
    silent_seconds_ = -1;
    drain();
    const bool heard = silent_seconds_ == 0;
    if (!heard) silent_seconds_ = before;
    if (has_enough()) co_return;
    if (heard) {
        co_await asio::post(asio::use_awaitable);
        co_return;
    }
    const auto woken = co_await race(door_.wait(), core->clock.sleep(std::chrono::seconds(1)));
    if (woken.index() == 1) watch();
}

void Subscription::State::watch() {
    // Counted in short waits: a program that was stopped for a while must first read what came.
    ++silent_seconds_;
    const auto asked_for = core->clock.instant() - token_asked_;
    if (silent_seconds_ >= silence_limit_) {
        silence_limit_ = std::min(silence_limit_ * 2, longest_silence_limit);
        silent_seconds_ = 0;
        door_.reconnect();
        reconcile();
    } else if (!token_answered_ && asked_for >= barrier_limit) {
        ask_barrier();
    }
}

void Subscription::State::take(std::string_view frame) {
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
        if (heads_wanted_ && topic == tick_topic) reconcile();
        take_event(frame);
    }
}

void Subscription::State::take_barrier(const v1::Barrier& barrier) {
    if (barrier.prefixes() < prefixes_.size() && !sent_again_) {
        // Our subscriptions did not all arrive: a new connection sends them all again.
        sent_again_ = true;
        log::warn("subscriptions_missing",
                  {{"sent", prefixes_.size()}, {"known", barrier.prefixes()}});
        door_.reconnect();
        return;
    }
    sent_again_ = false;
    const bool reconnected = token_answered_;
    token_answered_ = true;
    silence_limit_ = first_silence_limit;
    tell(losses_.confirm(barrier.bus_epoch(), barrier.offset()));
    confirmed = true;
    if (reconnected) {
        reconcile();
        return;
    }
    // Asked for before this barrier: all events up to these heads were sent before it.
    for (const auto& head : heads_) take_head(head);
    heads_.clear();
}

void Subscription::State::take_head(const v1::HeadBeacon& head) {
    if (!wanted(head.topic())) return;
    if (const auto lost = losses_.check(head)) tell({*lost});
}

void Subscription::State::take_event(std::string_view frame) {
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
    const bool is_state = (message.flags() & v1::EVENT_FLAG_STATE) != 0;
    if (is_state || recent_.is_new(event->topic(), event->id(), core->clock.instant())) {
        ready.push_back(std::move(*event));
    } else {
        ++duplicates;
    }
}

void Subscription::State::tell(const std::vector<v1::Lost>& losses) {
    for (const auto& lost : losses) ready.push_back(Event::of_loss(lost));
}

bool Subscription::State::wanted(std::string_view topic) const {
    const auto fits = [&](const Pattern& pattern) { return pattern.matches(topic); };
    return std::any_of(patterns_.begin(), patterns_.end(), fits);
}

void Subscription::State::reconcile() {
    heads_wanted_ = true;
    if (reconciling_) return;
    reconciling_ = true;
    // The handler outlives the job's frames, and so must what they refer to.
    const auto ended = [this, alive = alive_, keep = core](const std::exception_ptr& failure) {
        if (!*alive) return;
        reconciling_ = false;
        // The broker did not answer in time: its next tick, or silence, starts this again.
        heads_wanted_ = failure != nullptr;
    };
    asio::co_spawn(core->io, fetch_heads(), asio::bind_cancellation_slot(stop_.slot(), ended));
}

asio::awaitable<void> Subscription::State::fetch_heads() {
    while (heads_wanted_) {
        heads_wanted_ = false;
        heads_.clear();
        for (const auto& pattern : patterns_) {
            // Named first: g++ 12 destroys a temporary of ?: inside of a co_await twice.
            std::string prefix = pattern.prefix();
            if (prefix.ends_with('\0')) prefix.pop_back();
            co_await fetch_heads_of(std::move(prefix));
        }
    }
    ask_barrier();
}

asio::awaitable<void> Subscription::State::fetch_heads_of(std::string prefix) {
    v1::TopicsListRequest page;
    page.set_prefix(prefix);
    for (bool more = true; more;) {
        v1::Request request;
        request.set_verb("topics.list");
        request.mutable_payload()->PackFrom(page);
        const auto reply = co_await core->requester().request(request, heads_limit);
        v1::TopicsList list;
        if (!reply.payload().UnpackTo(&list)) co_return;
        for (const auto& topic : list.topics()) heads_.push_back(topic.head());
        more = reply.more() && list.topics_size() > 0;
        if (more) page.set_after(list.topics().rbegin()->head().topic());
    }
}

Subscription::Subscription(std::unique_ptr<State> state) : state_(std::move(state)) {}
Subscription::Subscription(Subscription&&) noexcept = default;
Subscription& Subscription::operator=(Subscription&&) noexcept = default;
Subscription::~Subscription() = default;

asio::awaitable<void> Subscription::State::fill() {
    while (ready.empty()) co_await pump();
}

asio::awaitable<Event> Subscription::next() {
    co_await state_->fill();
    auto event = std::move(state_->ready.front());
    state_->ready.pop_front();
    co_return event;
}

asio::awaitable<void> Subscription::ready() {
    while (!state_->confirmed) co_await state_->pump();
}

std::uint64_t Subscription::duplicates() const { return state_->duplicates; }

Subscription::Iterator Subscription::begin() {
    Iterator first(*this);
    return ++first;
}

void Subscription::wait_ready() { run_to_end(state_->core->io, ready()); }

Subscription::Iterator& Subscription::Iterator::operator++() {
    auto& state = *subscription_->state_;
    if (state.ready.empty()) state.drain();
    if (state.ready.empty()) run_to_end(state.core->io, state.fill());
    event_ = std::make_shared<const Event>(std::move(state.ready.front()));
    state.ready.pop_front();
    return *this;
}

}  // namespace coven
