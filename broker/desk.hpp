#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "call_desk.hpp"
#include "channel_table.hpp"
#include "connections.hpp"
#include "connector_table.hpp"
#include "consumer_table.hpp"
#include "coven/v1/request.pb.h"
#include "drops.hpp"
#include "kind_table.hpp"
#include "replies.hpp"
#include "router.hpp"
#include "state_table.hpp"
#include "storage.hpp"
#include "wanted_channels.hpp"

namespace coven::broker {

/// What the loop knows and `broker.status` tells.
struct Vitals {
    std::uint64_t started_us = 0;
    /// Events per second over the last second.
    double rate = 0;
    /// Frames that came through the publish door.
    std::uint64_t received = 0;
    /// Acknowledgements that were sent.
    std::uint64_t acks = 0;
    /// Open connections of the subscribe door.
    std::uint64_t subscribers = 0;
};

/// Answers requests. No sockets, no clock.
class Desk {
  public:
    /// A request with a longer id is refused, and its reply carries no id.
    static constexpr std::size_t max_id_bytes = 200;

    /// Everything here must outlive the desk.
    struct View {
        const Router& router;
        const Connections& connections;
        const Vitals& vitals;
        ConnectorTable& connectors;
        KindTable& kinds;
        ChannelTable& channels;
        WantedChannels& wanted_channels;
        Drops& drops;
        const StateTable& states;
        ConsumerTable& consumers;
        Storage& storage;
        CallDesk& calls;
    };
    struct Answer {
        v1::Reply reply;
        /// To be sent once this is stored; 0 = at once.
        std::uint64_t ticket = 0;
        enum class By {
            desk,
            /// `HistoryDesk` makes the reply, or `CallDesk` does.
            history,
            calls,
        };
        By by = By::desk;
    };

    explicit Desk(const View& view) : view_(view) {}

    Answer answer(const v1::Request& request, const Sender& sender, const Moment& now);
    /// For what could not be read as a Request.
    v1::Reply refuse_malformed(const char* reason);

    /// How often each verb of ours was answered with each status; "other" is everything else.
    using Answers = std::map<std::pair<std::string_view, v1::Reply::Status>, std::uint64_t>;
    const Answers& answers() const { return answers_; }
    /// For what was answered elsewhere. `verb` must live as long as this.
    void count_answer(std::string_view verb, v1::Reply::Status status);

  private:
    using Function = v1::Reply (Desk::*)(const v1::Request&, const Moment&);
    struct Verb {
        std::string_view name;
        Function function;
    };
    static const Verb& verb_named(std::string_view name);

    /// Commands for it go where this request came from.
    Result<void> hear(const v1::Request& request, const v1::ConnectorReady& ready,
                      const Moment& now);
    void connect(const v1::Request& request, const v1::Presence& presence, const Moment& now);
    v1::Reply broker_status(const v1::Request& request, const Moment& now);
    v1::Reply topics_list(const v1::Request& request, const Moment& now);
    v1::Reply connectors_list(const v1::Request& request, const Moment& now);
    v1::Reply channels_list(const v1::Request& request, const Moment& now);
    v1::Reply channels_add(const v1::Request& request, const Moment& now);
    v1::Reply channels_remove(const v1::Request& request, const Moment& now);
    v1::Reply channels_forget(const v1::Request& request, const Moment& now);
    v1::Reply schema_get(const v1::Request& request, const Moment& now);
    v1::Reply connector_beat(const v1::Request& request, const Moment& now);
    v1::Reply connector_channels(const v1::Request& request, const Moment& now);
    v1::Reply connector_answer(const v1::Request& request, const Moment& now);
    /// Verbs of connectors arrive here.
    v1::Reply route(const v1::Request& request, const Moment& now);

    v1::Reply history_read(const v1::Request& request, const Moment& now);
    v1::Reply state_read(const v1::Request& request, const Moment& now);
    v1::Reply consumer_open(const v1::Request& request, const Moment& now);
    v1::Reply consumer_ack(const v1::Request& request, const Moment& now);
    v1::Reply consumer_remove(const v1::Request& request, const Moment& now);
    v1::Reply consumers_list(const v1::Request& request, const Moment& now);

    v1::Reply journal_purge(const v1::Request& request, const Moment& now);
    v1::Reply journal_purges(const v1::Request& request, const Moment& now);

    void describe_journal(v1::JournalStatus& status) const;
    void describe_calls(v1::CallsStatus& status) const;
    ConsumerTable::Stream stream() const;
    /// What a `Payload` asks for.
    template <class Payload>
    v1::Reply change_channels(const v1::Request& request, WantedChannels::Word word,
                              const Moment& now);
    v1::Reply keep_channels(const v1::ChannelsChange& change, v1::Reply reply);
    v1::Reply keep_consumer(const std::string& name, v1::Reply reply);
    /// `reply` is sent once `ticket` is stored.
    v1::Reply when_stored(std::uint64_t ticket, v1::Reply reply);

    View view_;
    /// Of the request that is being answered.
    const Sender* sender_ = nullptr;
    Answer answer_;
    Answers answers_;
};

}  // namespace coven::broker
