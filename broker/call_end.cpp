// How calls end: answered, lost or overdue.
#include <algorithm>

#include "call_table.hpp"
#include "replies.hpp"

namespace coven::broker {

namespace {

v1::Reply expired() {
    return reply_of(v1::Reply::EXPIRED, "deadline_passed",
                    "the deadline passed before it was this call's turn: it was not tried");
}

v1::Reply unanswered() {
    return reply_of(v1::Reply::UNKNOWN, "deadline_passed",
                    "the connector has not answered by the deadline: nobody knows whether it was "
                    "done; the same key asks again");
}

v1::Reply outlasted() {
    return reply_of(v1::Reply::UNKNOWN, "deadline_passed",
                    "the call that was first with this key goes on; the same key asks again");
}

v1::Reply no_reply() {
    return reply_of(v1::Reply::UNKNOWN, "reply_malformed",
                    "the connector answered without a status: nobody knows whether it was done");
}

v1::Reply connector_lost(const ConnectorName& connector) {
    return reply_of(v1::Reply::UNKNOWN, "connector_lost",
                    "connector '" + connector.instance +
                        "' was lost while it had the call: nobody knows whether it was done");
}

/// Whether the connector says that it has not begun.
bool says_untried(v1::Reply::Status status) {
    return status == v1::Reply::EXPIRED || status == v1::Reply::NO_ROUTE ||
           status == v1::Reply::RATE_LIMITED;
}

bool says_nothing(v1::Reply::Status status) {
    return status == v1::Reply::STATUS_UNSPECIFIED || !v1::Reply::Status_IsValid(status);
}

}  // namespace

/// First the answer, then the deadlines: one that has just come is not kept from its callers.
CallWork CallTable::finished(const std::string& call_id, const v1::Reply& reply,
                             const Moment& now) {
    const auto found = find(call_id);
    const auto status = reply.status();
    if (found == calls_.end()) {
        const auto* settled = memory_.settle(call_id, reply, now);
        if (settled != nullptr) work_.stores.push_back(*settled);
    } else if (found->second.state == State::running && status != v1::Reply::ACCEPTED) {
        end(found->first, says_nothing(status) ? no_reply() : reply,
            says_untried(status) ? Key::freed : Key::kept, now);
    }
    tidy(now);
    return take_work(now);
}

CallWork CallTable::lost(const ConnectorName& connector, const Moment& now) {
    tidy(now);
    std::vector<Number> there;
    for (const auto& [number, call] : calls_) {
        const bool has_place = call.state != State::waiting && call.connector == connector;
        if (has_place) there.push_back(number);
    }
    for (const auto number : there) {
        if (calls_.at(number).state == State::running) {
            end(number, connector_lost(connector), Key::kept, now);
        } else {
            wait_again(number, now);
        }
    }
    return take_work(now);
}

void CallTable::expire_call(Number number, const Moment& now) {
    auto& call = calls_.at(number);
    if (call.deadline <= now.instant) {
        const bool running = call.state == State::running;
        return end(number, running ? unanswered() : expired(), running ? Key::kept : Key::freed,
                   now);
    }
    const auto left =
        std::stable_partition(call.askers.begin(), call.askers.end(),
                              [&now](const Asker& asker) { return asker.deadline > now.instant; });
    for (auto asker = left; asker != call.askers.end(); ++asker) answer(*asker, outlasted());
    callers_ -= static_cast<std::size_t>(call.askers.end() - left);
    call.askers.erase(left, call.askers.end());
}

void CallTable::end(Number number, const v1::Reply& reply, Key key, const Moment& now) {
    auto ended = calls_.extract(number);
    auto& call = ended.mapped();
    for (const auto& asker : call.askers) {
        answer(asker, reply);
        deadlines_.erase({asker.deadline, number});
    }
    deadlines_.erase({call.deadline, number});
    callers_ -= call.askers.size();
    waiting_bytes_ -= call.request.payload().ByteSizeLong();
    ++ended_[reply.status()];
    if (call.state == State::running) --handed_over_;
    if (call.state == State::waiting) {
        queue_.stop_waiting(call.connector, turn_of(number, call));
    } else {
        queue_.leave(call.connector);
    }
    ready_.insert(call.connector);
    if (!call.record.idempotency_key().empty()) end_key(call.record, reply, key, now);
}

void CallTable::end_key(const v1::StoredCall& record, const v1::Reply& reply, Key key,
                        const Moment& now) {
    keys_.erase(key_of(record));
    if (key == Key::kept) {
        work_.stores.push_back(memory_.keep(record, reply, now));
    } else if (record.handed_us() != 0) {
        work_.forgotten.push_back(record.call_id());
    }
}

}  // namespace coven::broker
