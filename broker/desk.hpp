#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "channel_table.hpp"
#include "connections.hpp"
#include "connector_table.hpp"
#include "coven/v1/request.pb.h"
#include "drops.hpp"
#include "router.hpp"

namespace coven::broker {

/// The largest reply, wire.md "Doors".
inline constexpr std::size_t max_reply_bytes = std::size_t{1} << 20;

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
    /// Everything here must outlive the desk.
    struct View {
        const Router& router;
        const Connections& connections;
        const Vitals& vitals;
        ConnectorTable& connectors;
        ChannelTable& channels;
        Drops& drops;
    };

    explicit Desk(const View& view) : view_(view) {}

    v1::Reply answer(const v1::Request& request, const Moment& now);
    /// For what could not be read as a Request.
    v1::Reply refuse_malformed(const char* reason);

    /// How often each verb of ours was answered with each status; "other" is everything else.
    using Answers = std::map<std::pair<std::string_view, v1::Reply::Status>, std::uint64_t>;
    const Answers& answers() const { return answers_; }

  private:
    using Function = v1::Reply (Desk::*)(const v1::Request&, const Moment&);
    struct Verb {
        std::string_view name;
        Function function;
    };
    static const Verb& verb_named(std::string_view name);

    v1::Reply broker_status(const v1::Request& request, const Moment& now);
    v1::Reply topics_list(const v1::Request& request, const Moment& now);
    v1::Reply connectors_list(const v1::Request& request, const Moment& now);
    v1::Reply channels_list(const v1::Request& request, const Moment& now);
    v1::Reply schema_get(const v1::Request& request, const Moment& now);
    v1::Reply connector_beat(const v1::Request& request, const Moment& now);
    v1::Reply connector_channels(const v1::Request& request, const Moment& now);
    /// Verbs of connectors arrive here: who registered `request.verb` for `request.target` is in
    /// the table of connectors.
    v1::Reply route(const v1::Request& request, const Moment& now);

    View view_;
    Answers answers_;
};

}  // namespace coven::broker
