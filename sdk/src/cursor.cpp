#include "cursor.hpp"

#include <stdexcept>
#include <utility>

#include "ask_broker.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

/// From one look for something to send to the next.
constexpr auto look_interval = std::chrono::milliseconds(50);

void pass_on(const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

Cursor::Cursor(std::shared_ptr<Bus::Core> core, From::Cursor which,
               const std::vector<Pattern>& patterns)
    : core_(std::move(core)), begins_(which.begins) {
    shared_->name = which.name;
    request_.set_name(which.name);
    for (const auto& pattern : patterns) request_.add_patterns(pattern.text());
    if (begins_ == From::NewCursor::oldest) request_.mutable_oldest();
}

Cursor::~Cursor() {
    shared_->closed = true;
    if (!shared_->acks || !shared_->refusal.empty()) return;
    const auto last = shared_->acks->open();
    if (last) core_->requester().tell(ack_request(*shared_, *last));
}

asio::awaitable<std::optional<v1::Position>> Cursor::open() {
    auto request = request_of("consumer.open", request_);
    const auto reply = co_await ask_broker(core_, std::move(request));
    if (!reply) co_return std::nullopt;
    const auto opened = payload_of<v1::ConsumerOpened>(*reply);
    shared_->generation = opened.generation();
    shared_->acks.emplace(opened.position(), core_->clock.instant());
    core_->linger_for_requests();
    core_->start(keep_sending(core_, shared_), pass_on);
    co_return opened.position();
}

void Cursor::acknowledge(const v1::Position& position) {
    if (shared_->acks) shared_->acks->acknowledge(position);
}

void Cursor::committed(const v1::Position& position) { shared_->acks->committed(position); }

void Cursor::check() const {
    if (!shared_->refusal.empty()) throw std::runtime_error(shared_->refusal);
}

asio::awaitable<void> Cursor::flushed() {
    if (shared_->acks) shared_->acks->hurry();
    while (shared_->acks && !shared_->acks->all_stored()) {
        check();
        co_await core_->clock.sleep(look_interval);
    }
}

v1::Request Cursor::ack_request(const Shared& shared, const v1::Position& position) {
    v1::ConsumerAckRequest ack;
    ack.set_name(shared.name);
    ack.set_generation(shared.generation);
    *ack.mutable_position() = position;
    return request_of("consumer.ack", ack);
}

asio::awaitable<void> Cursor::keep_sending(std::shared_ptr<Bus::Core> core,
                                           std::shared_ptr<Shared> shared) {
    while (!shared->closed && shared->refusal.empty()) {
        co_await core->clock.sleep(look_interval);
        const auto due = shared->acks->due(core->clock.instant());
        if (shared->closed || !due) continue;
        shared->acks->sent(core->clock.instant());
        auto request = ack_request(*shared, *due);
        const auto reply = co_await ask_broker(core, std::move(request));
        if (reply) take_answer(*shared, *due, *reply);
    }
}

void Cursor::take_answer(Shared& shared, const v1::Position& position, const v1::Reply& reply) {
    if (reply.status() == v1::Reply::OK) return shared.acks->stored(position);
    // What is not committed, or cannot be stored just now, is sent again later.
    const bool later = reply.code() == "not_committed" || reply.status() == v1::Reply::FAILED;
    if (!later) shared.refusal = reply.message();
}

}  // namespace coven
