#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>

#include "coven/v1/bus.pb.h"
#include "router.hpp"

namespace coven::broker {

/// `topic NUL message`.
std::string frame_of(std::string_view topic, const google::protobuf::Message& message);

/// `~a.` and 16 hex digits.
std::string ack_topic(std::uint64_t producer_id);
v1::Barrier barrier(const Router& router, std::size_t prefixes);
/// On `~h.<topic>`.
std::string beacon_frame(const TopicEntry& topic, std::uint64_t bus_epoch);

/// The broker's own events, from `/coven/broker/<id>`.
class Announcer {
  public:
    explicit Announcer(const std::string& broker_id);

    /// Not numbered, so it has no tail.
    std::string tick_frame(const Router& router, const Moment& now) const;
    /// To be numbered; on the connector's state topic.
    std::string gone_frame(const v1::Presence& presence, const Moment& now) const;
    /// To be numbered; a state, over when there is no reason.
    std::string degraded_frame(const v1::Degraded& degraded, const Moment& now) const;

  private:
    std::string source_;
    std::string tick_topic_;
    std::string degraded_topic_;
};

}  // namespace coven::broker
