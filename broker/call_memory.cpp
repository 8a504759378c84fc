#include "call_memory.hpp"

#include <chrono>

#include "replies.hpp"

namespace coven::broker {

namespace {

/// wire.md "Requests".
constexpr std::uint64_t kept_us = std::chrono::microseconds(std::chrono::hours(24)).count();
constexpr std::size_t max_code_bytes = 100;
/// What an entry takes besides its fields, about.
constexpr std::size_t overhead_bytes = 512;

std::size_t bytes_of(const v1::StoredCall& call) { return call.ByteSizeLong() + overhead_bytes; }

v1::Reply shortened(const v1::Reply& reply) {
    auto outcome = reply;
    outcome.clear_id();
    if (outcome.ByteSizeLong() <= CallMemory::max_outcome_bytes) return outcome;
    const auto code = outcome.code().size() > max_code_bytes ? "" : outcome.code();
    return reply_of(outcome.status(), code.c_str(),
                    "the answer had more than 16 KiB and was given only once");
}

/// What an answer that comes late makes of an outcome that nobody knew. The call is over, so
/// nothing may look like an invitation to try it again.
v1::Reply late(const v1::Reply& reply) {
    auto outcome = reply;
    if (reply.status() != v1::Reply::OK) outcome.set_status(v1::Reply::FAILED);
    outcome.clear_retry_after_ms();
    return outcome;
}

bool tells_an_end(v1::Reply::Status status) {
    return v1::Reply::Status_IsValid(status) && status != v1::Reply::STATUS_UNSPECIFIED &&
           status != v1::Reply::ACCEPTED && status != v1::Reply::UNKNOWN;
}

}  // namespace

const v1::StoredCall* CallMemory::find(const CallKey& key) const {
    const auto found = calls_.find(key);
    return found == calls_.end() ? nullptr : &found->second;
}

const v1::StoredCall* CallMemory::find_id(const std::string& call_id) const {
    const auto found = ids_.find(call_id);
    return found == ids_.end() ? nullptr : &calls_.at(found->second);
}

void CallMemory::insert(v1::StoredCall call) {
    bytes_ += bytes_of(call);
    ends_.emplace(call.ended_us(), call.call_id());
    auto key = key_of(call);
    ids_[call.call_id()] = key;
    calls_[std::move(key)] = std::move(call);
}

const v1::StoredCall& CallMemory::keep(v1::StoredCall call, const v1::Reply& outcome,
                                       const Moment& now) {
    *call.mutable_outcome() = shortened(outcome);
    call.set_ended_us(now.unix_us);
    const auto key = key_of(call);
    insert(std::move(call));
    return calls_.at(key);
}

const v1::StoredCall* CallMemory::settle(const std::string& call_id, const v1::Reply& outcome,
                                         const Moment& now) {
    const auto found = ids_.find(call_id);
    if (found == ids_.end() || !tells_an_end(outcome.status())) return nullptr;
    auto& call = calls_.at(found->second);
    if (call.outcome().status() != v1::Reply::UNKNOWN) return nullptr;
    bytes_ -= bytes_of(call);
    ends_.erase({call.ended_us(), call_id});
    return &keep(call, late(outcome), now);
}

bool CallMemory::restore(std::string_view bytes) {
    v1::StoredCall call;
    const bool read = call.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    const bool known = ids_.contains(call.call_id()) || calls_.contains(key_of(call));
    if (!read || call.call_id().empty() || call.idempotency_key().empty() || known) return false;
    if (!call.has_outcome()) {
        *call.mutable_outcome() =
            reply_of(v1::Reply::UNKNOWN, "broker_restarted",
                     "the broker ended while the call ran: nobody knows whether it was done");
        call.set_ended_us(call.handed_us());
    }
    insert(std::move(call));
    return true;
}

std::vector<std::string> CallMemory::forget_old(const Moment& now) {
    std::vector<std::string> forgotten;
    while (!ends_.empty() && ends_.begin()->first + kept_us <= now.unix_us) {
        const auto id = ends_.begin()->second;
        ends_.erase(ends_.begin());
        const auto call = calls_.find(ids_.at(id));
        bytes_ -= bytes_of(call->second);
        calls_.erase(call);
        ids_.erase(id);
        forgotten.push_back(id);
    }
    return forgotten;
}

}  // namespace coven::broker
