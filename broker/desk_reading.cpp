// What the desk answers about the past: states, consumers, purges.

#include "desk.hpp"
#include "journal/person.hpp"

namespace coven::broker {

namespace {

v1::Reply refusal(const ConsumerTable::Refusal& refused) {
    return reply_of(v1::Reply::REJECTED, refused.code, refused.message);
}

v1::Reply no_journal(const std::string& verb) {
    return reply_of(v1::Reply::REJECTED, "journal_off",
                    "'" + verb +
                        "' needs a journal: set [journal] durability of the broker to "
                        "\"commit\"");
}

}  // namespace

v1::Reply Desk::history_read(const v1::Request& request, const Moment&) {
    if (!view_.storage.has_journal()) return no_journal(request.verb());
    answer_.by = Answer::By::history;
    return {};
}

v1::Reply Desk::state_read(const v1::Request& request, const Moment&) {
    v1::StateReadRequest wanted;
    if (request.has_payload() && !request.payload().UnpackTo(&wanted)) {
        return wrong_payload("coven.v1.StateReadRequest");
    }
    const auto patterns = parse_patterns(wanted.patterns());
    if (patterns.has_error()) {
        return reply_of(v1::Reply::REJECTED, "pattern_malformed", patterns.error().message);
    }
    auto page = view_.states.page(*patterns, wanted.after(), wanted.limit(), max_payload_bytes);
    page.mutable_as_of()->set_bus_epoch(view_.router.bus_epoch());
    page.mutable_as_of()->set_offset(view_.router.head());
    auto reply = ok(page);
    reply.set_more(!page.next().empty());
    return reply;
}

v1::Reply Desk::consumer_open(const v1::Request& request, const Moment& now) {
    if (!view_.storage.has_journal()) return no_journal(request.verb());
    v1::ConsumerOpenRequest wanted;
    if (!request.payload().UnpackTo(&wanted)) return wrong_payload("coven.v1.ConsumerOpenRequest");
    v1::ConsumerOpened opened;
    const auto refused = view_.consumers.open(wanted, stream(), now, opened);
    if (refused) return refusal(*refused);
    return keep_consumer(wanted.name(), ok(opened));
}

v1::Reply Desk::consumer_ack(const v1::Request& request, const Moment& now) {
    if (!view_.storage.has_journal()) return no_journal(request.verb());
    v1::ConsumerAckRequest wanted;
    if (!request.payload().UnpackTo(&wanted)) return wrong_payload("coven.v1.ConsumerAckRequest");
    const auto refused = view_.consumers.ack(wanted, stream(), now);
    if (refused) return refusal(*refused);
    return keep_consumer(wanted.name(), ok());
}

v1::Reply Desk::consumer_remove(const v1::Request& request, const Moment&) {
    if (!view_.storage.has_journal()) return no_journal(request.verb());
    const auto refused = view_.consumers.remove(request.target());
    if (refused) return refusal(*refused);
    return when_stored(view_.storage.erase(SideTable::cursors, request.target()), ok());
}

v1::Reply Desk::consumers_list(const v1::Request&, const Moment&) {
    return ok(view_.consumers.list(max_payload_bytes));
}

v1::Reply Desk::journal_purge(const v1::Request& request, const Moment& now) {
    if (!view_.storage.has_journal()) return no_journal(request.verb());
    v1::JournalPurgeRequest wanted;
    if (!request.payload().UnpackTo(&wanted)) return wrong_payload("coven.v1.JournalPurgeRequest");
    const auto person = person_in(wanted);
    if (person.has_error()) {
        return reply_of(v1::Reply::REJECTED, "user_malformed", person.error().message);
    }
    const auto asked = view_.storage.purge(wanted, now);
    v1::Purge purge;
    purge.set_number(asked.number);
    purge.set_state(v1::Purge::STATE_SEARCHING);
    purge.set_asked_us(now.unix_us);
    return when_stored(asked.ticket, ok(purge));
}

v1::Reply Desk::journal_purges(const v1::Request& request, const Moment&) {
    if (!view_.storage.has_journal()) return no_journal(request.verb());
    v1::PurgesList list;
    for (const auto& purge : view_.storage.journal().purges()) *list.add_purges() = purge;
    return ok(list);
}

ConsumerTable::Stream Desk::stream() const {
    return {view_.router.epochs(), view_.router.head(), view_.router.committed()};
}

v1::Reply Desk::keep_consumer(const std::string& name, v1::Reply reply) {
    const auto ticket = view_.storage.put(SideTable::cursors, name, view_.consumers.stored(name));
    return when_stored(ticket, std::move(reply));
}

v1::Reply Desk::when_stored(std::uint64_t ticket, v1::Reply reply) {
    if (ticket == 0) return not_stored(view_.storage.reason());
    answer_.ticket = ticket;
    return reply;
}

}  // namespace coven::broker
