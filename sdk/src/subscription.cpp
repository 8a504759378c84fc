#include "subscription.hpp"

#include <stdexcept>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "history_reader.hpp"
#include "live_reader.hpp"
#include "run_to_end.hpp"
#include "state_reader.hpp"

namespace asio = boost::asio;

namespace coven {

std::unique_ptr<Subscription::State> Subscription::State::make(std::shared_ptr<Bus::Core> core,
                                                               std::vector<Pattern> patterns,
                                                               const From& from) {
    if (std::holds_alternative<From::Now>(from.choice())) {
        return std::make_unique<LiveReader>(std::move(core), std::move(patterns));
    }
    if (std::holds_alternative<From::State>(from.choice())) {
        return std::make_unique<StateReader>(std::move(core), patterns);
    }
    return std::make_unique<HistoryReader>(std::move(core), std::move(patterns), from);
}

void Subscription::State::ack(const Event&) {
    throw std::logic_error("only a subscription from a cursor acknowledges");
}

asio::awaitable<void> Subscription::State::acks_flushed() { co_return; }

Event Subscription::State::hand_out() {
    auto event = std::move(waiting.front());
    waiting.pop_front();
    ++handed_out_;
    ++core->subscriptions.events;
    return event;
}

asio::awaitable<void> Subscription::State::give_way() {
    if (!owes_a_turn()) co_return;
    co_await asio::post(asio::use_awaitable);
    handed_out_ = 0;
}

asio::awaitable<void> Subscription::State::fill() {
    while (waiting.empty()) co_await fetch();
}

Subscription::Subscription(std::unique_ptr<State> state) : state_(std::move(state)) {}
Subscription::Subscription(Subscription&&) noexcept = default;
Subscription& Subscription::operator=(Subscription&&) noexcept = default;
Subscription::~Subscription() = default;

asio::awaitable<Event> Subscription::next() {
    co_await state_->give_way();
    co_await state_->fill();
    co_return state_->hand_out();
}

asio::awaitable<void> Subscription::ready() {
    while (!state_->confirmed()) co_await state_->fetch();
}

void Subscription::ack(const Event& event) { state_->ack(event); }

asio::awaitable<void> Subscription::flush_acks(std::chrono::milliseconds limit) {
    return within(state_->core->clock, limit, "answer to an acknowledgement",
                  state_->acks_flushed());
}

std::uint64_t Subscription::duplicates() const { return state_->duplicates(); }

std::uint64_t Subscription::repairs() const { return state_->repairs(); }

Subscription::Iterator Subscription::begin() {
    Iterator first(*this);
    return ++first;
}

void Subscription::wait_ready() { run_to_end(state_->core->io, ready()); }

Subscription::Iterator& Subscription::Iterator::operator++() {
    auto& state = *subscription_->state_;
    if (state.owes_a_turn()) run_to_end(state.core->io, state.give_way());
    if (state.waiting.empty()) state.fetch_at_once();
    if (state.waiting.empty()) run_to_end(state.core->io, state.fill());
    event_ = std::make_shared<const Event>(state.hand_out());
    return *this;
}

}  // namespace coven
