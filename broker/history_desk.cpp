#include "history_desk.hpp"

#include <algorithm>
#include <cstring>

#include "coven/background_thread.hpp"
#include "inproc_pair.hpp"
#include "replies.hpp"
#include "zmq_io.hpp"

namespace coven::broker {

namespace {

constexpr const char* endpoint = "inproc://history";
constexpr std::size_t most_waiting = 1000;
/// Frames of a batch: with the overhead of each record they fit into a reply of 1 MiB.
constexpr std::size_t max_batch_bytes = std::size_t{768} << 10;
constexpr std::size_t max_batch_events = 10'000;

std::size_t limit_of(const v1::HistoryReadRequest& wanted) {
    return wanted.limit() == 0 ? max_batch_events
                               : std::min<std::size_t>(wanted.limit(), max_batch_events);
}

Result<HistoryQuery> query_of(const v1::HistoryReadRequest& wanted) {
    HistoryQuery query;
    auto patterns = parse_patterns(wanted.patterns());
    if (patterns.has_error()) return patterns.error();
    query.patterns = std::move(*patterns);
    if (query.patterns.empty()) return Error("no pattern is given; \">\" is all topics");
    if (wanted.has_after())
        query.from = Position{wanted.after().bus_epoch(), wanted.after().offset()};
    if (wanted.has_since_us()) query.from = HistoryQuery::Since{wanted.since_us()};
    if (wanted.until() > 0) query.until = wanted.until();
    query.max_events = limit_of(wanted);
    query.max_bytes = max_batch_bytes;
    return query;
}

v1::Truncated::Reason reason_of(Truncated::Reason reason) {
    switch (reason) {
        case Truncated::Reason::retention:
            return v1::Truncated::REASON_RETENTION;
        case Truncated::Reason::corrupt:
            return v1::Truncated::REASON_CORRUPT;
        case Truncated::Reason::purged:
            return v1::Truncated::REASON_PURGED;
        case Truncated::Reason::not_stored:
            return v1::Truncated::REASON_NOT_STORED;
    }
    return v1::Truncated::REASON_UNSPECIFIED;
}

void add(v1::HistoryBatch& batch, std::variant<StoredFrame, Truncated>& record) {
    auto& added = *batch.add_records();
    if (auto* frame = std::get_if<StoredFrame>(&record)) {
        added.set_frame(std::move(*frame));
        return;
    }
    const auto& hole = std::get<Truncated>(record);
    auto& truncated = *added.mutable_truncated();
    truncated.set_from(hole.from);
    truncated.set_to(hole.to);
    truncated.set_reason(reason_of(hole.reason));
    truncated.set_family(hole.family);
}

void set(v1::Position& position, const Position& value) {
    position.set_bus_epoch(value.bus_epoch);
    position.set_offset(value.offset);
}

/// The first frame of an answer says its status.
void work(zmq::socket_t& socket, const History& history) {
    for (HistoryDesk::Frames frames;; frames.clear()) {
        zmq::message_t frame;
        do {
            if (!socket.recv(frame, zmq::recv_flags::none)) return;
            frames.push_back(std::move(frame));
        } while (frames.back().more());
        // An empty message is the end.
        if (frames.size() == 1) return;
        v1::Request request;
        request.ParseFromArray(frames.back().data(), static_cast<int>(frames.back().size()));
        auto reply = answer_history(history, request);
        reply.set_id(request.id());
        const int status = reply.status();
        socket.send(zmq::message_t(&status, sizeof status), zmq::send_flags::sndmore);
        for (std::size_t i = 0; i + 1 < frames.size(); ++i) {
            socket.send(std::move(frames[i]), zmq::send_flags::sndmore);
        }
        zmq::message_t encoded(reply.ByteSizeLong());
        reply.SerializeToArray(encoded.data(), static_cast<int>(encoded.size()));
        socket.send(std::move(encoded), zmq::send_flags::none);
    }
}

}  // namespace

v1::Reply answer_history(const History& history, const v1::Request& request) {
    v1::HistoryReadRequest wanted;
    if (request.has_payload() && !request.payload().UnpackTo(&wanted)) {
        return wrong_payload("coven.v1.HistoryReadRequest");
    }
    const auto query = query_of(wanted);
    if (query.has_error()) {
        return reply_of(v1::Reply::REJECTED, "history_malformed", query.error().message);
    }
    auto read = history.read(*query);
    if (read.has_error()) {
        return reply_of(v1::Reply::FAILED, "journal_unreadable", read.error().message);
    }
    v1::HistoryBatch batch;
    for (auto& record : read->records) add(batch, record);
    set(*batch.mutable_next(), read->next);
    set(*batch.mutable_committed(), read->committed);
    auto reply = ok(batch);
    reply.set_more(read->next.offset < std::min(read->committed.offset, query->until));
    return reply;
}

HistoryDesk::HistoryDesk(zmq::context_t& context, const Journal& journal)
    : socket_(inproc_pair(context)), other_end_(inproc_pair(context)), history_(journal.history()) {
    socket_.bind(endpoint);
    other_end_.connect(endpoint);
    thread_ = start_background_thread([this] { work(other_end_, *history_); }, Precedence::equal);
}

HistoryDesk::~HistoryDesk() {
    socket_.send(zmq::message_t(), zmq::send_flags::none);
    thread_.join();
}

bool HistoryDesk::ask(Frames& frames) {
    if (waiting_ >= most_waiting) return false;
    ++waiting_;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        send(socket_, frames[i], i + 1 < frames.size() ? ZMQ_SNDMORE : 0);
    }
    return true;
}

bool HistoryDesk::take(Frames& frames, v1::Reply::Status& status) {
    frames.clear();
    zmq::message_t frame;
    if (!receive(socket_, frame)) return false;
    --waiting_;
    int number = 0;
    std::memcpy(&number, frame.data(), sizeof number);
    status = static_cast<v1::Reply::Status>(number);
    for (bool more = frame.more(); more; frames.push_back(std::move(frame))) {
        receive(socket_, frame);
        more = frame.more();
    }
    return true;
}

}  // namespace coven::broker
