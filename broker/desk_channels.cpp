// What the desk answers about channels.

#include "coven/in_quotes.hpp"
#include "coven/v1/channels.pb.h"
#include "desk.hpp"

namespace coven::broker {

v1::Reply Desk::channels_list(const v1::Request& request, const Moment&) {
    v1::ChannelsListRequest wanted;
    if (request.has_payload() && !request.payload().UnpackTo(&wanted)) {
        return wrong_payload("coven.v1.ChannelsListRequest");
    }
    const auto list = view_.channels.list(wanted, view_.wanted_channels.unread(view_.channels),
                                          max_payload_bytes);
    auto reply = ok(list);
    reply.set_more(!list.next().empty());
    return reply;
}

v1::Reply Desk::connector_channels(const v1::Request& request, const Moment& now) {
    v1::ConnectorChannels said;
    if (!request.payload().UnpackTo(&said)) return wrong_payload("coven.v1.ConnectorChannels");
    if (!view_.connectors.knows(said.kind(), said.instance())) {
        return reply_of(
            v1::Reply::REJECTED, "connector_unknown",
            "there is no connector " + in_quotes(said.instance()) + ": say connector.ready");
    }
    const auto heard = view_.channels.hear(said, now);
    if (heard.has_value()) return ok();
    view_.drops.count(Drop::presence_refused);
    return reply_of(v1::Reply::REJECTED, "channels_refused", heard.error().message);
}

v1::Reply Desk::channels_add(const v1::Request& request, const Moment& now) {
    return change_channels<v1::ChannelsChange>(request, WantedChannels::Word::added, now);
}

v1::Reply Desk::channels_remove(const v1::Request& request, const Moment& now) {
    return change_channels<v1::ChannelsRemove>(request, WantedChannels::Word::removed, now);
}

v1::Reply Desk::channels_forget(const v1::Request& request, const Moment& now) {
    return change_channels<v1::ChannelsForget>(request, WantedChannels::Word::nothing, now);
}

template <class Payload>
v1::Reply Desk::change_channels(const v1::Request& request, WantedChannels::Word word,
                                const Moment& now) {
    Payload said;
    if (!request.payload().UnpackTo(&said)) {
        return wrong_payload(Payload::descriptor()->full_name().c_str());
    }
    const auto& storage = view_.storage;
    // What could not be kept must not come into force and be gone after a restart.
    if (storage.has_journal() && !storage.storing()) return not_stored(storage.reason());
    v1::ChannelsChange change;
    *change.mutable_channels() = said.channels();
    change.set_kind(said.kind());
    const auto changed = view_.wanted_channels.change(change, word, now);
    if (changed.has_error()) {
        return reply_of(v1::Reply::REJECTED, "channels_refused", changed.error().message);
    }
    return keep_channels(change, ok(*changed));
}

v1::Reply Desk::keep_channels(const v1::ChannelsChange& change, v1::Reply reply) {
    if (!view_.storage.has_journal()) {
        reply.set_code("not_kept");
        reply.set_message("the journal is off: this holds until the broker ends");
        return reply;
    }
    std::uint64_t ticket = 0;
    // Those that were no news, too: a change before may have come to nothing on its way to the
    // disk.
    for (const auto& [key, bytes] : view_.wanted_channels.stored(change)) {
        ticket = bytes.empty() ? view_.storage.erase(SideTable::channels, key)
                               : view_.storage.put(SideTable::channels, key, bytes);
    }
    return when_stored(ticket, std::move(reply));
}

}  // namespace coven::broker
