#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "coven/result.hpp"
#include "coven/v1/bus.pb.h"
#include "coven/v1/event.pb.h"
#include "coven/v1/history.pb.h"

namespace coven {

/// What a subscription hands out: a topic and what happened there.
///
/// A loss on the bus comes the same way, in the place of the events that are missing: its `lost()`
/// is set, its topic is the topic concerned (empty: the whole subscription), its type is
/// "coven.lost". Code that only looks for its own payload passes it over. What history cannot give
/// any more (`From`) comes likewise: `truncated()` is set, the topic is empty, its type is
/// "coven.truncated".
class Event {
  public:
    /// An empty one.
    Event() = default;
    /// Splits and decodes one frame, `topic NUL Event`.
    static Result<Event> parse(std::string_view frame);
    static Event of_loss(const v1::Lost& lost);
    static Event of_truncation(const v1::Truncated& truncated);

    const std::string& topic() const { return topic_; }
    const v1::Event& message() const { return message_; }
    const std::string& id() const { return message_.id(); }
    const std::string& source() const { return message_.source(); }
    const std::string& type() const { return message_.type(); }
    /// The typed payload; empty where there is none.
    const google::protobuf::Any& payload() const { return message_.proto_data(); }
    /// The payload, if it is a T. Example: event.payload_as<twitch::v1::ChatMessage>().
    template <class T>
    std::optional<T> payload_as() const {
        T message;
        if (!payload().UnpackTo(&message)) return std::nullopt;
        return message;
    }
    /// Set when this stands for missing events.
    const std::optional<v1::Lost>& lost() const { return lost_; }
    /// Set when this stands for events that the broker does not keep any more.
    const std::optional<v1::Truncated>& truncated() const { return truncated_; }
    /// Whether this stands for missing events and is none itself.
    bool is_missing() const { return lost_ || truncated_; }

  private:
    std::string topic_;
    v1::Event message_;
    std::optional<v1::Lost> lost_;
    std::optional<v1::Truncated> truncated_;
};

/// One frame, `topic NUL Event`, as it travels on the bus.
std::string frame_of(std::string_view topic, const v1::Event& event);

/// Writes what a publisher says last in an event: its own two numbers, the flags that `event` has,
/// and zeros that the broker overwrites in place with its own (docs/wire.md, "Event").
void set_tail(v1::Event& event, std::uint64_t producer_id, std::uint64_t producer_seq);

/// A random UUID of version 7: sorts by time of creation, `now_ms` since the epoch.
std::string uuid_v7(std::uint64_t now_ms);

}  // namespace coven
