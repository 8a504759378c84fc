#include "call_desk.hpp"

#include <algorithm>
#include <utility>

#include "coven/log.hpp"
#include "replies.hpp"

namespace coven::broker {

namespace {

constexpr std::string_view answer_verb = "connector.answer";
/// Ids of ours are shorter.
constexpr std::size_t max_shown_bytes = 64;
constexpr std::uint64_t retry_ms = 1000;

v1::Reply call_unknown(const std::string& call_id) {
    const auto shown = call_id.size() > max_shown_bytes ? "…" : call_id;
    return reply_of(v1::Reply::REJECTED, "call_unknown",
                    "call '" + shown + "' is not known, or another connector has it");
}

/// After a reconnect an answer may come before the first beat.
v1::Reply connector_unknown() {
    auto reply = reply_of(v1::Reply::RATE_LIMITED, "connector_unknown",
                          "no connector is known on this connection: say connector.beat on it, "
                          "then answer again");
    reply.set_retry_after_ms(retry_ms);
    return reply;
}

v1::Reply again_when_stored(const std::string& reason, const std::string& advice) {
    auto reply = reply_of(v1::Reply::RATE_LIMITED, "not_stored",
                          "the journal stores nothing now (" + reason + "), so " + advice);
    reply.set_retry_after_ms(retry_ms);
    return reply;
}

v1::Reply key_not_stored(const std::string& reason) {
    return again_when_stored(reason,
                             "the key could not be kept: nothing was tried; ask again later, or "
                             "without a key");
}

v1::Reply outcome_not_stored(const std::string& reason) {
    return again_when_stored(reason, "the outcome is only told, not kept: say it again later");
}

/// What is true whatever the store has kept: it goes out by the deadline, however slow the disk is.
bool promises_nothing(v1::Reply::Status status) {
    return status == v1::Reply::UNKNOWN || status == v1::Reply::EXPIRED;
}

}  // namespace

void CallDesk::restore() {
    if (!storage_.has_journal()) return;
    const auto read = storage_.journal().for_each(
        SideTable::commands, [this](std::string_view id, std::string_view bytes) {
            if (!table_.restore(bytes)) log::error("call_unreadable", {{"call_id", id}});
        });
    if (read.has_error()) log::error("journal_damaged", {{"reason", read.error().message}});
}

void CallDesk::accept(v1::Request request, const Sender& sender, const Moment& now) {
    Batch batch;
    // What the key says may be known here and not be stored yet.
    if (!request.idempotency_key().empty()) batch.ticket = last_ticket();
    add(table_.accept(std::move(request), {sender.envelope, ""}, now), std::move(batch));
    run(now);
}

std::optional<v1::Reply> CallDesk::refusal(const std::string& call_id, const Sender& sender) const {
    const auto connector = table_.connector_of(call_id);
    const bool its_own = connector && !sender.connection.empty() &&
                         connectors_.connection_of(*connector) == sender.connection;
    if (its_own) return std::nullopt;
    if (!connectors_.is_connected(sender.connection)) return connector_unknown();
    return call_unknown(call_id);
}

void CallDesk::finish(const v1::Reply& outcome, const std::string& request_id, const Sender& sender,
                      const Moment& now) {
    const auto& id = outcome.id();
    auto refused = refusal(id, sender);
    if (!refused && owed_.contains(id)) refused = outcome_not_stored(storage_.reason());
    if (refused) {
        replies_.push_back({sender.envelope, with_id(request_id, *refused), answer_verb});
        return;
    }
    auto work = table_.finished(id, outcome, now);
    Batch batch;
    batch.confirmation = Reply{sender.envelope, with_id(request_id, ok()), answer_verb};
    // It was said before, and may still be on its way to the disk.
    const bool again = work.stores.empty() && table_.memory().find_id(id) != nullptr;
    if (again) batch.ticket = last_ticket();
    add(std::move(work), std::move(batch));
    run(now);
}

void CallDesk::lose(const ConnectorName& connector, const Moment& now) {
    add(table_.lost(connector, now), {});
    run(now);
}

void CallDesk::tidy(const Moment& now) {
    add(table_.expire(now), {});
    run(now);
}

void CallDesk::serve_stored(const Moment& now) {
    const auto stored = storage_.stored_ticket();
    const auto known = std::max(stored, storage_.dropped_ticket());
    while (!pending_.empty() && pending_.front().ticket <= known) {
        const auto fate = pending_.front().ticket <= stored ? Fate::stored : Fate::dropped;
        decided_.emplace_back(std::move(pending_.front()), fate);
        pending_.pop_front();
    }
    if (!owed_.empty() && storage_.storing()) pay_owed();
    run(now);
}

void CallDesk::add(CallWork work, Batch batch) {
    for (auto& dispatch : work.dispatches) commands_.push_back(std::move(dispatch));
    batch.records = std::move(work.stores);
    batch.forgotten = std::move(work.forgotten);
    for (auto& answer : work.answers) {
        if (promises_nothing(answer.reply.status())) {
            replies_.push_back({std::move(answer.envelope), std::move(answer.reply)});
        } else {
            batch.answers.push_back(std::move(answer));
        }
    }
    const auto fate = store(batch);
    if (fate == Fate::stored && batch.ticket != 0) {
        pending_.push_back(std::move(batch));
    } else {
        decided_.emplace_back(std::move(batch), fate);
    }
}

/// Hands it to the journal. Dropped: that takes nothing now.
CallDesk::Fate CallDesk::store(Batch& batch) {
    const bool nothing = batch.records.empty() && batch.forgotten.empty();
    if (nothing || !storage_.has_journal()) return Fate::stored;
    if (!storage_.storing()) return Fate::dropped;
    for (const auto& record : batch.records) {
        batch.ticket =
            storage_.put(SideTable::commands, record.call_id(), record.SerializeAsString());
    }
    for (const auto& id : batch.forgotten) {
        batch.ticket = storage_.erase(SideTable::commands, id);
    }
    return Fate::stored;
}

/// What is decided may decide more.
void CallDesk::run(const Moment& now) {
    while (!decided_.empty()) {
        auto [batch, fate] = std::move(decided_.front());
        decided_.pop_front();
        settle(batch, fate, now);
    }
}

void CallDesk::settle(Batch& batch, Fate fate, const Moment& now) {
    for (auto& answer : batch.answers) {
        replies_.push_back({std::move(answer.envelope), std::move(answer.reply)});
    }
    if (batch.confirmation) {
        auto& said = *batch.confirmation;
        if (fate == Fate::dropped) {
            said.reply = with_id(said.reply.id(), outcome_not_stored(storage_.reason()));
        }
        replies_.push_back(std::move(said));
    }
    if (fate == Fate::dropped) return drop(batch, now);
    for (const auto& record : batch.records) add(table_.stored(record.call_id(), now), {});
}

void CallDesk::drop(const Batch& batch, const Moment& now) {
    owed_.insert(batch.forgotten.begin(), batch.forgotten.end());
    for (const auto& record : batch.records) {
        const auto& id = record.call_id();
        if (record.has_outcome()) owed_.insert(id);
        add(table_.not_stored(id, key_not_stored(storage_.reason()), now), {});
    }
}

void CallDesk::pay_owed() {
    CallWork work;
    for (const auto& id : std::exchange(owed_, {})) {
        const auto* call = table_.memory().find_id(id);
        if (call == nullptr) {
            work.forgotten.push_back(id);
        } else {
            work.stores.push_back(*call);
        }
    }
    add(std::move(work), {});
}

std::optional<CallDesk::Command> CallDesk::take_command() {
    if (commands_.empty()) return std::nullopt;
    auto first = std::move(commands_.front());
    commands_.pop_front();
    auto connection = connectors_.connection_of(first.to);
    return Command{std::move(connection), std::move(first.to), std::move(first.request)};
}

std::optional<CallDesk::Reply> CallDesk::take_reply() {
    if (replies_.empty()) return std::nullopt;
    auto first = std::move(replies_.front());
    replies_.pop_front();
    return first;
}

void CallDesk::not_sent(Command command, const Moment& now) {
    connectors_.lose_touch(command.to);
    add(table_.not_handed(std::move(command.request), now), {});
    run(now);
}

}  // namespace coven::broker
