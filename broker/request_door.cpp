#include "request_door.hpp"

#include <algorithm>
#include <string_view>

#include "zmq_io.hpp"

namespace coven::broker {

namespace {

/// In front of a command, with an empty frame behind it: replies stand alone.
constexpr std::string_view command_mark = "command";
/// Replies that wait for the disk.
constexpr std::size_t most_waiting = 10'000;
constexpr std::string_view history_verb = "history.read";
/// A reader asks for the next batch when it has this one: it loses little by waiting.
constexpr std::uint64_t history_retry_ms = 100;

}  // namespace

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
    const Sender sender{envelope.echo == 1 ? frames_[0].to_string() : "",
                        sealed(frames_, envelope.echo)};
    if (sender.envelope.size() > max_envelope_bytes) {
        return {desk_.refuse_malformed("the frames in front of the request are no routing ids")};
    }
    const auto& body = frames_.back();
    v1::Request request;
    if (!request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return {desk_.refuse_malformed("the frame is no coven.v1.Request")};
    }
    return desk_.answer(request, sender, now);
}

void RequestDoor::serve_one(const Moment& now, HistoryDesk* history) {
    const auto envelope = read_envelope(frames_);
    if (envelope.echo == 0) return drops_.count(Drop::envelope_malformed);
    auto answer = answer_to(envelope, now);
    if (answer.by == Desk::Answer::By::calls) return;
    if (answer.by == Desk::Answer::By::history) {
        return ask_history(envelope, answer.reply.id(), history);
    }
    frames_.resize(envelope.echo);
    if (answer.ticket == 0) return send_reply(frames_, answer.reply);
    if (waiting_.size() >= most_waiting) {
        const auto busy = reply_of(v1::Reply::RATE_LIMITED, "journal_busy",
                                   "too many wait for the disk; this may or may not be stored");
        return send_reply(frames_, with_id(answer.reply.id(), busy));
    }
    waiting_.push_back({answer.ticket, std::move(frames_), std::move(answer.reply)});
}

void RequestDoor::ask_history(const Envelope& envelope, const std::string& request_id,
                              HistoryDesk* history) {
    if (history->ask(frames_)) return;
    auto reply = with_id(
        request_id, reply_of(v1::Reply::RATE_LIMITED, "history_busy", "too many ask for history"));
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

bool RequestDoor::send_command(const CallDesk::Command& command) {
    // Only the first can fail.
    return send(socket_, command.connection, ZMQ_SNDMORE) &&
           send(socket_, command_mark, ZMQ_SNDMORE) && send(socket_, "", ZMQ_SNDMORE) &&
           send(socket_, command.request.SerializeAsString());
}

void RequestDoor::serve_calls(CallDesk& calls, const Moment& now) {
    while (auto command = calls.take_command()) {
        if (!send_command(*command)) calls.not_sent(std::move(*command), now);
    }
    while (const auto reply = calls.take_reply()) {
        desk_.count_answer(reply->verb, reply->reply.status());
        auto echo = unsealed(reply->envelope);
        send_reply(echo, reply->reply);
    }
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
        if (first.ticket > storage.stored_ticket()) {
            first.reply = with_id(first.reply.id(), not_stored(storage.reason()));
        }
        send_reply(first.echo, first.reply);
        waiting_.pop_front();
    }
}

}  // namespace coven::broker
