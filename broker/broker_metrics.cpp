#include "broker_metrics.hpp"

namespace coven::broker {

namespace {

std::vector<Sample> drop_samples(const Drops& drops) {
    std::vector<Sample> samples;
    samples.reserve(drop_kinds);
    for (std::size_t i = 0; i < drop_kinds; ++i) {
        const auto reason = static_cast<Drop>(i);
        samples.push_back(
            {{{"reason", std::string(word(reason))}}, static_cast<double>(drops.of(reason))});
    }
    return samples;
}

std::vector<Sample> request_samples(const Desk& desk) {
    std::vector<Sample> samples;
    for (const auto& [key, count] : desk.answers()) {
        samples.push_back(
            {{{"verb", std::string(key.first)}, {"status", v1::Reply::Status_Name(key.second)}},
             static_cast<double>(count)});
    }
    return samples;
}

/// `read` gives an integer.
template <class ReadInteger>
Metrics::Read number(ReadInteger read) {
    return [read] { return static_cast<double>(read()); };
}

void show_flow(const Shown& of, Metrics& metrics) {
    metrics.counter("coven_broker_events_received_total",
                    "Frames that came through the publish door, good or not.",
                    number([of] { return of.vitals.received; }));
    metrics.counter("coven_broker_events_total",
                    "Events that were numbered and handed to the subscribe door.",
                    number([of] { return of.router.events(); }));
    metrics.counter("coven_broker_event_bytes_total",
                    "Bytes of the numbered events, with their tails.",
                    number([of] { return of.router.bytes(); }));
    metrics.gauge("coven_broker_events_per_second", "Events that were numbered in the last second.",
                  [of] { return of.vitals.rate; });
    metrics.counter("coven_broker_acks_total", "Acknowledgements that were sent.",
                    number([of] { return of.vitals.acks; }));
    metrics.counters("coven_broker_drops_total", "What was dropped at any door, by reason.",
                     [of] { return drop_samples(of.drops); });
    metrics.counters("coven_broker_requests_total",
                     "Requests that were answered; verbs that are not the broker's are \"other\".",
                     [of] { return request_samples(of.desk); });
}

void show_state(const Shown& of, Metrics& metrics) {
    metrics.gauge("coven_broker_epoch", "The running epoch of the bus.",
                  number([of] { return of.router.bus_epoch(); }));
    metrics.gauge("coven_broker_head_offset", "Offset of the newest event in this epoch.",
                  number([of] { return of.router.head(); }));
    metrics.gauge("coven_broker_committed_offset", "Offset up to which events are stored.",
                  number([of] { return of.router.committed(); }));
    metrics.gauge("coven_broker_topics", "Topics that have had an event.",
                  number([of] { return of.router.topics().size(); }));
    metrics.gauge("coven_broker_producers", "Publishers that are remembered.",
                  number([of] { return of.router.producers().size(); }));
    metrics.gauge("coven_broker_connectors", "Connectors that are there.",
                  number([of] { return of.connectors.size(); }));
    metrics.gauge("coven_broker_subscribers", "Connections of the subscribe door.",
                  number([of] { return of.vitals.subscribers; }));
    metrics.gauge("coven_broker_subscriptions", "Subscriptions of all these connections.",
                  number([of] { return of.connections.subscriptions(); }));
}

std::vector<Sample> ended_samples(const CallTable& calls) {
    std::vector<Sample> samples;
    for (const auto status :
         {v1::Reply::OK, v1::Reply::FAILED, v1::Reply::EXPIRED, v1::Reply::UNKNOWN,
          v1::Reply::NO_ROUTE, v1::Reply::REJECTED, v1::Reply::RATE_LIMITED}) {
        const auto found = calls.ended().find(status);
        const auto count = found == calls.ended().end() ? 0 : found->second;
        samples.push_back(
            {{{"status", v1::Reply::Status_Name(status)}}, static_cast<double>(count)});
    }
    return samples;
}

void show_calls(const Shown& of, Metrics& metrics) {
    metrics.gauge("coven_broker_calls_waiting",
                  "Calls that wait for their turn at a connector, or for the disk.",
                  number([of] { return of.calls.size() - of.calls.handed_over(); }));
    metrics.gauge("coven_broker_calls_handed_over", "Calls that a connector has.",
                  number([of] { return of.calls.handed_over(); }));
    metrics.counters("coven_broker_calls_ended_total", "Calls that have ended, by how.",
                     [of] { return ended_samples(of.calls); });
    metrics.gauge("coven_broker_call_keys", "Idempotency keys whose outcome is remembered.",
                  number([of] { return of.calls.memory().size(); }));
}

void show_journal(const Shown& of, Metrics& metrics) {
    if (!of.storage.has_journal()) return;
    const auto numbers = [of] { return of.storage.journal().numbers(); };
    metrics.gauge("coven_broker_journal_storing",
                  "1 while events are stored, 0 while they only go on live.",
                  number([of] { return of.storage.storing() ? 1 : 0; }));
    metrics.gauge("coven_broker_journal_file_bytes", "Size of the journal's file.",
                  number([numbers] { return numbers().file_bytes; }));
    metrics.gauge("coven_broker_journal_in_flight_bytes",
                  "Handed to the journal and not yet stored.",
                  number([numbers] { return numbers().bytes_in_flight; }));
    metrics.gauge("coven_broker_journal_oldest_offset", "The oldest event that is kept.",
                  number([numbers] { return numbers().oldest_offset; }));
    metrics.counter("coven_broker_journal_commits_total", "Times that events were committed.",
                    number([numbers] { return numbers().commits; }));
    metrics.counter(
        "coven_broker_journal_commit_seconds_total", "Time that commits took.",
        [numbers] { return std::chrono::duration<double>(numbers().commit_time).count(); });
    metrics.counter("coven_broker_journal_deleted_messages_total",
                    "Messages that were forgotten because somebody deleted them.",
                    number([numbers] { return numbers().deletions.messages; }));
    metrics.counter("coven_broker_journal_deletions_not_found_total",
                    "Deletions of which no message was found within an hour before.",
                    number([numbers] { return numbers().deletions.not_found; }));
    metrics.counter("coven_broker_journal_deletions_unreadable_total",
                    "Events that should delete messages and do not say which.",
                    number([numbers] { return numbers().deletions.unreadable; }));
}

}  // namespace

void show(const Shown& shown, Metrics& metrics) {
    show_flow(shown, metrics);
    show_state(shown, metrics);
    show_calls(shown, metrics);
    show_journal(shown, metrics);
}

}  // namespace coven::broker
