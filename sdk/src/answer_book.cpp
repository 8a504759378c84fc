#include "answer_book.hpp"

#include <string>

#include "coven/command.hpp"

namespace coven {

namespace {

/// In which an answer that was not confirmed may well be.
constexpr std::uint64_t retry_after_ms = 1000;

v1::Reply too_much() {
    auto reply = reply_of(v1::Reply::RATE_LIMITED, "connector_busy",
                          "the connector has as much to do as it takes at once: not tried");
    reply.set_retry_after_ms(retry_after_ms);
    return reply;
}

/// What was done is done: only what came of it cannot be shown.
void leave_payload_out(v1::Reply& reply) {
    const auto bytes = reply.payload().ByteSizeLong();
    reply.clear_payload();
    reply.set_code("answer_too_large");
    reply.set_message("the answer's payload has " + std::to_string(bytes) +
                      " bytes, more than the bus carries, and was left out");
}

}  // namespace

std::optional<v1::Reply> AnswerBook::refusal(const v1::Request& call) const {
    if (call.deadline_ms() == 0) {
        return reply_of(v1::Reply::EXPIRED, "deadline_passed",
                        "the deadline passed before the connector began: not tried");
    }
    if (!takes_) {
        return reply_of(v1::Reply::NO_ROUTE, "connector_stopping",
                        "the connector is stopping: not tried");
    }
    if (running_ >= max_running || !has_room()) return too_much();
    return std::nullopt;
}

void AnswerBook::begin() {
    ++running_;
    ++numbers_.taken;
}

void AnswerBook::end() { --running_; }

v1::Reply AnswerBook::answer(const v1::Request& call, v1::Reply reply) {
    reply.set_id(call.id());
    const bool ends =
        reply.status() != v1::Reply::STATUS_UNSPECIFIED && reply.status() != v1::Reply::ACCEPTED;
    if (!ends) {
        reply.set_status(v1::Reply::UNKNOWN);
        reply.set_code("no_outcome");
        reply.set_message("the connector ended without saying whether it was done");
    }
    if (reply.payload().ByteSizeLong() > max_payload_bytes) leave_payload_out(reply);
    ++numbers_.answered[reply.status()];
    return reply;
}

bool AnswerBook::has_room() const {
    return running_ + unconfirmed_ < max_unconfirmed && unconfirmed_bytes_ < max_unconfirmed_bytes;
}

void AnswerBook::keep(std::size_t bytes) {
    ++unconfirmed_;
    unconfirmed_bytes_ += bytes;
}

void AnswerBook::confirm(std::size_t bytes) {
    --unconfirmed_;
    unconfirmed_bytes_ -= bytes;
}

}  // namespace coven
