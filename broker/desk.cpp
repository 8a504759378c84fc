#include "desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "coven/daemon.hpp"
#include "coven/schema.hpp"
#include "coven/topic.hpp"
#include "topics_page.hpp"

namespace coven::broker {

namespace {

constexpr std::string_view ready_verb = "connector.ready";
constexpr const char* deaf =
    "a connector with verbs must be a DEALER that sends each request as one frame: commands "
    "cannot reach this connection";

}  // namespace

const Desk::Verb& Desk::verb_named(std::string_view name) {
    static constexpr std::array<Verb, 21> verbs = {{
        {"broker.status", &Desk::broker_status},
        {"topics.list", &Desk::topics_list},
        {"connectors.list", &Desk::connectors_list},
        {"channels.list", &Desk::channels_list},
        {"channels.add", &Desk::channels_add},
        {"channels.remove", &Desk::channels_remove},
        {"channels.forget", &Desk::channels_forget},
        {"schema.get", &Desk::schema_get},
        {"history.read", &Desk::history_read},
        {"state.read", &Desk::state_read},
        {"consumer.open", &Desk::consumer_open},
        {"consumer.ack", &Desk::consumer_ack},
        {"consumer.remove", &Desk::consumer_remove},
        {"consumers.list", &Desk::consumers_list},
        {"journal.purge", &Desk::journal_purge},
        {"journal.purges", &Desk::journal_purges},
        {ready_verb, &Desk::connector_beat},
        {"connector.beat", &Desk::connector_beat},
        {"connector.channels", &Desk::connector_channels},
        {"connector.answer", &Desk::connector_answer},
        {"other", &Desk::route},
    }};
    const auto same = [name](const Verb& verb) { return verb.name == name; };
    const auto* const found = std::find_if(verbs.begin(), verbs.end() - 1, same);
    return *found;
}

Desk::Answer Desk::answer(const v1::Request& request, const Sender& sender, const Moment& now) {
    if (request.id().size() > max_id_bytes) {
        return {refuse_malformed("id has more than 200 bytes")};
    }
    const auto& verb = verb_named(request.verb());
    answer_ = {};
    sender_ = &sender;
    answer_.reply = (this->*verb.function)(request, now);
    answer_.reply.set_id(request.id());
    if (answer_.by == Answer::By::desk) count_answer(verb.name, answer_.reply.status());
    return std::move(answer_);
}

void Desk::count_answer(std::string_view verb, v1::Reply::Status status) {
    ++answers_[{verb, status}];
}

v1::Reply Desk::refuse_malformed(const char* reason) {
    view_.drops.count(Drop::request_malformed);
    ++answers_[{"other", v1::Reply::REJECTED}];
    return reply_of(v1::Reply::REJECTED, "request_malformed", reason);
}

v1::Reply Desk::broker_status(const v1::Request&, const Moment&) {
    v1::BrokerStatus status;
    status.set_version(version());
    status.set_bus_epoch(view_.router.bus_epoch());
    status.set_head(view_.router.head());
    status.set_committed(view_.router.committed());
    status.set_started_us(view_.vitals.started_us);
    status.set_topics(view_.router.topics().size());
    status.set_producers(view_.router.producers().size());
    status.set_connectors(view_.connectors.size());
    status.set_events(view_.router.events());
    status.set_bytes(view_.router.bytes());
    status.set_rate(view_.vitals.rate);
    status.set_subscribers(view_.vitals.subscribers);
    status.set_subscriptions(view_.connections.subscriptions());
    status.set_states(view_.states.size());
    describe_journal(*status.mutable_journal());
    describe_calls(*status.mutable_calls());
    for (std::size_t i = 0; i < drop_kinds; ++i) {
        const auto reason = static_cast<Drop>(i);
        if (view_.drops.of(reason) == 0) continue;
        auto& counter = *status.add_dropped();
        counter.set_reason(std::string(word(reason)));
        counter.set_count(view_.drops.of(reason));
    }
    return ok(status);
}

void Desk::describe_journal(v1::JournalStatus& status) const {
    const auto& storage = view_.storage;
    status.set_state(v1::JournalStatus::STATE_OFF);
    if (!storage.has_journal()) return;
    status.set_state(storage.storing() ? v1::JournalStatus::STATE_STORING
                                       : v1::JournalStatus::STATE_DEGRADED);
    status.set_reason(storage.reason());
    const auto numbers = storage.journal().numbers();
    status.set_bytes(numbers.file_bytes);
    status.set_bytes_in_flight(numbers.bytes_in_flight);
    for (const auto& family : numbers.families) {
        auto& shown = *status.add_families();
        shown.set_name(family.family);
        shown.set_events(family.events);
        shown.set_bytes(family.bytes);
        shown.set_oldest(family.oldest_offset);
    }
}

void Desk::describe_calls(v1::CallsStatus& status) const {
    const auto& table = view_.calls.table();
    status.set_waiting(table.size() - table.handed_over());
    status.set_handed_over(table.handed_over());
    status.set_keys(table.memory().size());
    for (const auto& [ended, count] : table.ended()) {
        auto& shown = *status.add_ended();
        shown.set_status(ended);
        shown.set_count(count);
    }
}

v1::Reply Desk::topics_list(const v1::Request& request, const Moment& now) {
    v1::TopicsListRequest wanted;
    if (request.has_payload() && !request.payload().UnpackTo(&wanted)) {
        return wrong_payload("coven.v1.TopicsListRequest");
    }
    const auto page = topics_page(view_.router, wanted, max_payload_bytes, now);
    auto reply = ok(page.topics);
    reply.set_more(page.more);
    return reply;
}

v1::Reply Desk::connectors_list(const v1::Request&, const Moment&) {
    return ok(view_.connectors.list(max_payload_bytes));
}

v1::Reply Desk::schema_get(const v1::Request&, const Moment&) {
    v1::Schema schema;
    const auto bytes = schema_bytes();
    const bool parsed =
        schema.mutable_files()->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    if (!parsed || schema.ByteSizeLong() > max_payload_bytes) {
        return reply_of(v1::Reply::FAILED, "schema_too_large",
                        "the schema does not fit into a reply");
    }
    return ok(schema);
}

v1::Reply Desk::connector_beat(const v1::Request& request, const Moment& now) {
    v1::ConnectorReady ready;
    if (!request.payload().UnpackTo(&ready)) return wrong_payload("coven.v1.ConnectorReady");
    const bool in_vain = sender_->connection.empty() && ready.verbs_size() > 0;
    const auto heard = in_vain ? Result<void>(Error(deaf)) : hear(request, ready, now);
    if (heard.has_error()) {
        view_.drops.count(Drop::presence_refused);
        return reply_of(v1::Reply::REJECTED, "presence_refused", heard.error().message);
    }
    const auto& presence = ready.presence();
    connect(request, presence, now);
    v1::ConnectorHeard answer;
    answer.set_channels_seq(view_.channels.seq_of(presence.kind(), presence.instance()));
    auto news = view_.kinds.news(presence.kind(), ready.kind_version(), now);
    if (news) *answer.mutable_kind() = *std::move(news);
    return ok(answer);
}

/// A process says `connector.ready` once, and one that says it again is no other one.
Result<void> Desk::hear(const v1::Request& request, const v1::ConnectorReady& ready,
                        const Moment& now) {
    const auto& presence = ready.presence();
    const auto before = view_.connectors.connection_of({presence.kind(), presence.instance()});
    const bool same = !before.empty() && before == sender_->connection;
    const bool begins = request.verb() == ready_verb && !same;
    return begins ? view_.connectors.hear_new(ready, now) : view_.connectors.hear(ready, now);
}

void Desk::connect(const v1::Request& request, const v1::Presence& presence, const Moment& now) {
    const ConnectorName name{presence.kind(), presence.instance()};
    const auto before = view_.connectors.connect(name, sender_->connection);
    // A process says `connector.ready` once. From another connection: another process has taken
    // the name, and knows nothing of the calls of the one before.
    const bool moved = !before.empty() && before != sender_->connection;
    if (moved && request.verb() == ready_verb) view_.calls.lose(name, now);
}

v1::Reply Desk::connector_answer(const v1::Request& request, const Moment& now) {
    v1::Reply outcome;
    if (!request.payload().UnpackTo(&outcome)) return wrong_payload("coven.v1.Reply");
    answer_.by = Answer::By::calls;
    view_.calls.finish(outcome, request.id(), *sender_, now);
    return {};
}

v1::Reply Desk::route(const v1::Request& request, const Moment& now) {
    if (const char* fault = topic_fault(request.verb())) {
        view_.drops.count(Drop::verb_unknown);
        return reply_of(v1::Reply::NO_ROUTE, "verb_unknown", std::string("verb ") + fault);
    }
    answer_.by = Answer::By::calls;
    view_.calls.accept(request, *sender_, now);
    return {};
}

}  // namespace coven::broker
