#include "request_door.hpp"

#include <algorithm>
#include <string_view>

#include "zmq_io.hpp"

namespace coven::broker {

namespace {

/// Routing ids of the hops between a client and us; a message with more frames is none of ours.
constexpr std::size_t max_frames = 16;
/// Replies that wait for the disk.
constexpr std::size_t most_waiting = 10'000;
constexpr std::string_view history_verb = "history.read";
/// A reader asks for the next batch when it has this one: it loses little by waiting.
constexpr std::uint64_t history_retry_ms = 100;

}  // namespace

Envelope read_envelope(const std::vector<zmq::message_t>& frames) {
    if (frames.size() < 2) return {};
    for (std::size_t i = 1; i < frames.size(); ++i) {
        if (frames[i].size() == 0) return {i + 1, frames.size() == i + 2};
    }
    return {1, frames.size() == 2};
}

bool RequestDoor::receive_frames() {
    frames_.clear();
    zmq::message_t frame;
    while (receive(socket_, frame)) {
        const bool more = frame.more();
        // One too many is kept, as the sign that there were more.
        if (frames_.size() <= max_frames) frames_.push_back(std::move(frame));
        if (!more) return true;
    }
    return false;
}

Desk::Answer RequestDoor::answer_to(const Envelope& envelope, const Moment& now) {
    if (!envelope.whole || frames_.size() > max_frames) {
        return {desk_.refuse_malformed("a request is one frame, behind an optional empty one")};
    }
    const auto& body = frames_.back();
    v1::Request request;
    if (!request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return {desk_.refuse_malformed("the frame is no coven.v1.Request")};
    }
    return desk_.answer(request, now);
}

void RequestDoor::serve_one(const Moment& now, HistoryDesk* history) {
    const auto envelope = read_envelope(frames_);
    if (envelope.echo == 0) return drops_.count(Drop::envelope_malformed);
    auto answer = answer_to(envelope, now);
    if (answer.by_history) return ask_history(envelope, std::move(answer.reply), history);
    frames_.resize(envelope.echo);
    if (answer.ticket == 0) return send_reply(frames_, answer.reply);
    if (waiting_.size() >= most_waiting) {
        const auto id = answer.reply.id();
        answer.reply = reply_of(v1::Reply::RATE_LIMITED, "journal_busy",
                                "too many wait for the disk; this may or may not be stored");
        answer.reply.set_id(id);
        return send_reply(frames_, answer.reply);
    }
    waiting_.push_back({answer.ticket, std::move(frames_), std::move(answer.reply)});
}

void RequestDoor::ask_history(const Envelope& envelope, v1::Reply reply, HistoryDesk* history) {
    if (history->ask(frames_)) return;
    const auto id = reply.id();
    reply = reply_of(v1::Reply::RATE_LIMITED, "history_busy", "too many ask for history");
    reply.set_id(id);
    reply.set_retry_after_ms(history_retry_ms);
    desk_.count_answer(history_verb, reply.status());
    frames_.resize(envelope.echo);
    send_reply(frames_, reply);
}

bool RequestDoor::send_frames(Frames& frames, int flags) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const bool last = i + 1 == frames.size();
        // Only the first can fail: the client is gone, or does not read its replies.
        if (!send(socket_, frames[i], last ? flags : ZMQ_SNDMORE)) return false;
    }
    return true;
}

void RequestDoor::send_reply(Frames& echo, const v1::Reply& reply) {
    const bool sent = send_frames(echo, ZMQ_SNDMORE) && send(socket_, reply.SerializeAsString());
    if (!sent) drops_.count(Drop::reply_unsent);
}

void RequestDoor::serve(std::size_t most, const Moment& now, HistoryDesk* history) {
    for (std::size_t i = 0; i < most && receive_frames(); ++i) serve_one(now, history);
}

void RequestDoor::serve_history(HistoryDesk& history) {
    auto status = v1::Reply::STATUS_UNSPECIFIED;
    while (history.take(frames_, status)) {
        desk_.count_answer(history_verb, status);
        if (!send_frames(frames_, 0)) drops_.count(Drop::reply_unsent);
    }
}

void RequestDoor::serve_stored(const Storage& storage) {
    while (!waiting_.empty()) {
        auto& first = waiting_.front();
        if (first.ticket > std::max(storage.stored_ticket(), storage.dropped_ticket())) return;
        const auto id = first.reply.id();
        if (first.ticket > storage.stored_ticket()) first.reply = not_stored(storage.reason());
        first.reply.set_id(id);
        send_reply(first.echo, first.reply);
        waiting_.pop_front();
    }
}

}  // namespace coven::broker
