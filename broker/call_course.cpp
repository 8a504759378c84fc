// The way of a call to its connector: its turn, the store, the route.
#include <charconv>
#include <chrono>

#include "call_table.hpp"

namespace coven::broker {

namespace {

ConnectorName connector_in(const v1::StoredCall& record) {
    return {record.kind(), record.instance()};
}

}  // namespace

void CallTable::tidy(const Moment& now) {
    auto old = memory_.forget_old(now);
    work_.forgotten.insert(work_.forgotten.end(), old.begin(), old.end());
    while (!deadlines_.empty() && deadlines_.begin()->first <= now.instant) {
        const auto number = deadlines_.begin()->second;
        deadlines_.erase(deadlines_.begin());
        expire_call(number, now);
    }
    settle_routes(now);
}

void CallTable::settle_routes(const Moment& now) {
    if (routes_version_ == routes_.version()) return;
    routes_version_ = routes_.version();
    std::vector<Number> waiting;
    for (const auto& [number, call] : calls_) {
        if (call.state == State::waiting) waiting.push_back(number);
    }
    for (const auto number : waiting) follow_route(number, now);
}

/// A call that waits goes where its verb is answered now.
void CallTable::follow_route(Number number, const Moment& now) {
    auto& call = calls_.at(number);
    const auto to = routes_.answering(call.request.verb(), call.request.target());
    if (!to) return end(number, no_route(call.request), Key::freed, now);
    if (*to == call.connector) return;
    queue_.stop_waiting(call.connector, turn_of(number, call));
    wait_at(*to, number, call);
}

void CallTable::wait_at(const ConnectorName& connector, Number number, Call& call) {
    call.state = State::waiting;
    call.connector = connector;
    queue_.wait(connector, turn_of(number, call));
    ready_.insert(connector);
}

/// It had a place and has not used it.
void CallTable::wait_again(Number number, const Moment& now) {
    auto& call = calls_.at(number);
    queue_.leave(call.connector);
    wait_at(call.connector, number, call);
    follow_route(number, now);
}

CallWork CallTable::take_work(const Moment& now) {
    for (const auto& connector : std::exchange(ready_, {})) {
        while (const auto number = queue_.take(connector)) start(calls_.at(*number), now);
    }
    return std::exchange(work_, {});
}

void CallTable::start(Call& call, const Moment& now) {
    const bool kept = call.is_stored && connector_in(call.record) == call.connector;
    if (call.request.idempotency_key().empty() || kept) return dispatch(call, now);
    call.state = State::storing;
    call.record.set_handed_us(now.unix_us);
    call.record.set_kind(call.connector.kind);
    call.record.set_instance(call.connector.instance);
    work_.stores.push_back(call.record);
}

void CallTable::dispatch(Call& call, const Moment& now) {
    call.state = State::running;
    ++handed_over_;
    waiting_bytes_ -= call.request.payload().ByteSizeLong();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(call.deadline - now.instant);
    call.request.set_deadline_ms(static_cast<std::uint64_t>(left.count()));
    work_.dispatches.push_back({call.connector, std::move(call.request)});
    call.request.Clear();
}

CallWork CallTable::stored(const std::string& call_id, const Moment& now) {
    tidy(now);
    const auto found = find(call_id);
    if (found == calls_.end()) return take_work(now);
    auto& [number, call] = *found;
    call.is_stored = true;
    if (call.state != State::storing) return take_work(now);
    const auto answering = routes_.answering(call.request.verb(), call.request.target());
    if (answering == call.connector) {
        dispatch(call, now);
    } else {
        wait_again(number, now);
    }
    return take_work(now);
}

CallWork CallTable::not_stored(const std::string& call_id, const v1::Reply& reply,
                               const Moment& now) {
    const auto found = find(call_id);
    const bool untried = found != calls_.end() && found->second.state != State::running;
    if (untried) end(found->first, reply, Key::freed, now);
    tidy(now);
    return take_work(now);
}

CallWork CallTable::not_handed(v1::Request request, const Moment& now) {
    const auto found = find(request.id());
    if (found != calls_.end() && found->second.state == State::running) {
        auto& [number, call] = *found;
        --handed_over_;
        waiting_bytes_ += request.payload().ByteSizeLong();
        call.request = std::move(request);
        wait_again(number, now);
    }
    tidy(now);
    return take_work(now);
}

CallWork CallTable::expire(const Moment& now) {
    tidy(now);
    return take_work(now);
}

std::optional<ConnectorName> CallTable::connector_of(const std::string& call_id) const {
    if (const auto number = number_of(call_id)) {
        const auto& call = calls_.at(*number);
        if (call.state != State::running) return std::nullopt;
        return call.connector;
    }
    const auto* past = memory_.find_id(call_id);
    if (past == nullptr) return std::nullopt;
    return connector_in(*past);
}

CallTable::Calls::iterator CallTable::find(const std::string& call_id) {
    const auto number = number_of(call_id);
    return number ? calls_.find(*number) : calls_.end();
}

std::optional<CallTable::Number> CallTable::number_of(const std::string& call_id) const {
    if (!call_id.starts_with(id_prefix_)) return std::nullopt;
    Number number = 0;
    std::from_chars(call_id.data() + id_prefix_.size(), call_id.data() + call_id.size(), number);
    const auto found = calls_.find(number);
    const bool same = found != calls_.end() && found->second.record.call_id() == call_id;
    return same ? std::optional(number) : std::nullopt;
}

}  // namespace coven::broker
