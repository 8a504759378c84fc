// What comes from callers. Then calls take their course, call_course.cpp, to their end,
// call_end.cpp.
#include "call_table.hpp"

#include <algorithm>
#include <chrono>

#include "coven/topic.hpp"
#include "replies.hpp"

namespace coven::broker {

namespace {

constexpr std::size_t max_key_bytes = 200;
/// wire.md "Requests": what a caller gets that names no deadline, and the most it can have.
constexpr auto default_deadline = std::chrono::milliseconds(std::chrono::seconds(10));
constexpr auto longest_deadline = std::chrono::milliseconds(std::chrono::minutes(5));
constexpr std::uint64_t retry_ms = 1000;
/// Room comes as the oldest are forgotten, not within a second.
constexpr std::uint64_t retry_key_ms = 60'000;

Instant deadline_of(const v1::Request& request, const Moment& now) {
    if (request.deadline_ms() == 0) return now.instant + default_deadline;
    const auto longest = static_cast<std::uint64_t>(longest_deadline.count());
    return now.instant + std::chrono::milliseconds(std::min(request.deadline_ms(), longest));
}

v1::Reply busy(const char* code, const char* message, std::uint64_t retry_after_ms) {
    auto reply = reply_of(v1::Reply::RATE_LIMITED, code, message);
    reply.set_retry_after_ms(retry_after_ms);
    return reply;
}

v1::Reply key_reused(const std::string& key) {
    return reply_of(
        v1::Reply::REJECTED, "key_reused",
        "idempotency_key '" + key + "' belongs to a call with another payload: take a new one");
}

}  // namespace

std::optional<v1::Reply> CallTable::refusal(const v1::Request& request, const CallKey& key) const {
    if (key.idempotency_key.size() > max_key_bytes) {
        return reply_of(v1::Reply::REJECTED, "request_malformed",
                        "idempotency_key has more than 200 bytes");
    }
    if (key.target.size() > max_word_bytes) {
        return reply_of(v1::Reply::REJECTED, "request_malformed", "target has more than 64 bytes");
    }
    if (!routes_.answering(key.verb, key.target)) return no_route(request);
    if (waiting_bytes_ + request.payload().ByteSizeLong() > max_waiting_bytes) {
        return busy("too_many_calls", "calls of 64 MiB wait for their turn", retry_ms);
    }
    if (!key.idempotency_key.empty() && memory_.is_full()) {
        return busy("too_many_keys", "there is no room to remember another key", retry_key_ms);
    }
    return std::nullopt;
}

v1::Reply CallTable::no_route(const v1::Request& request) const {
    const auto whom = request.target().empty() ? "" : " for '" + request.target() + "'";
    return reply_of(v1::Reply::NO_ROUTE, "no_connector",
                    "no connector answers '" + request.verb() + "'" + whom + ": " +
                        routes_.who_answers(request.verb()));
}

CallWork CallTable::accept(v1::Request request, const Caller& caller, const Moment& now) {
    tidy(now);
    const Asker asker{caller.envelope, request.id(), deadline_of(request, now)};
    const auto key = key_of(caller.user, request);
    if (answer_by_key(request, key, asker)) return take_work(now);
    auto refused = refusal(request, key);
    if (callers_ >= max_callers) {
        refused = busy("too_many_calls", "10000 callers wait for a reply", retry_ms);
    }
    if (refused) {
        answer(asker, *refused);
    } else {
        begin(std::move(request), key, asker);
    }
    return take_work(now);
}

bool CallTable::answer_by_key(const v1::Request& request, const CallKey& key, const Asker& asker) {
    if (key.idempotency_key.empty()) return false;
    const auto hash = payload_hash(request);
    if (const auto* past = memory_.find(key)) {
        const bool same = past->payload_hash() == hash;
        answer(asker, same ? past->outcome() : key_reused(key.idempotency_key));
        return true;
    }
    const auto running = keys_.find(key);
    if (running == keys_.end()) return false;
    return join(calls_.at(running->second), running->second, asker, hash);
}

bool CallTable::join(Call& call, Number number, const Asker& asker, std::uint64_t hash) {
    if (call.record.payload_hash() != hash) {
        answer(asker, key_reused(call.record.idempotency_key()));
        return true;
    }
    // The same refusal as for a call of its own.
    if (callers_ >= max_callers) return false;
    call.askers.push_back(asker);
    deadlines_.emplace(asker.deadline, number);
    ++callers_;
    return true;
}

void CallTable::begin(v1::Request request, const CallKey& key, const Asker& asker) {
    const Number number = ++last_number_;
    auto& call = calls_[number];
    call.request = std::move(request);
    call.request.set_id(id_prefix_ + std::to_string(number));
    call.record.set_call_id(call.request.id());
    if (!key.idempotency_key.empty()) {
        call.record.set_user(key.user);
        call.record.set_verb(key.verb);
        call.record.set_target(key.target);
        call.record.set_idempotency_key(key.idempotency_key);
        call.record.set_payload_hash(payload_hash(call.request));
        keys_[key] = number;
    }
    call.deadline = asker.deadline;
    call.askers.push_back(asker);
    deadlines_.emplace(call.deadline, number);
    ++callers_;
    waiting_bytes_ += call.request.payload().ByteSizeLong();
    wait_at(*routes_.answering(key.verb, key.target), number, call);
}

void CallTable::answer(const Asker& asker, const v1::Reply& reply) {
    work_.answers.push_back({asker.envelope, reply});
    work_.answers.back().reply.set_id(asker.request_id);
}

std::optional<Instant> CallTable::next_deadline() const {
    if (deadlines_.empty()) return std::nullopt;
    return deadlines_.begin()->first;
}

}  // namespace coven::broker
