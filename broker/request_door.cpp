#include "request_door.hpp"

#include "zmq_io.hpp"

namespace coven::broker {

namespace {

/// Routing ids of the hops between a client and us; a message with more frames is none of ours.
constexpr std::size_t max_frames = 16;

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

v1::Reply RequestDoor::reply_to(const Envelope& envelope, const Moment& now) {
    if (!envelope.whole || frames_.size() > max_frames) {
        return desk_.refuse_malformed("a request is one frame, behind an optional empty one");
    }
    const auto& body = frames_.back();
    v1::Request request;
    if (!request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return desk_.refuse_malformed("the frame is no coven.v1.Request");
    }
    return desk_.answer(request, now);
}

void RequestDoor::serve_one(const Moment& now) {
    const auto envelope = read_envelope(frames_);
    if (envelope.echo == 0) return drops_.count(Drop::envelope_malformed);
    const auto reply = reply_to(envelope, now);
    for (std::size_t i = 0; i < envelope.echo; ++i) {
        // Only the first can fail: the client is gone, or does not read its replies.
        if (!send(socket_, frames_[i], ZMQ_SNDMORE)) return drops_.count(Drop::reply_unsent);
    }
    if (!send(socket_, reply.SerializeAsString())) drops_.count(Drop::reply_unsent);
}

void RequestDoor::serve(std::size_t most, const Moment& now) {
    for (std::size_t i = 0; i < most && receive_frames(); ++i) serve_one(now);
}

}  // namespace coven::broker
