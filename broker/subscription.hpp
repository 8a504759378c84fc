#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace coven::broker {

/// One frame that the subscribe door received: a byte 1 (subscribe) or 0 (unsubscribe), then the
/// prefix. Views the frame.
struct Subscription {
    enum class Kind {
        /// Wants events, or beacons.
        prefix,
        /// `~s.<token>` NUL: wants a Barrier on the topic `topic`.
        barrier,
        /// `~a.<16 hex digits>` NUL: wants the PublishAck of `producer_id`.
        ack,
        /// Starts like one of the two above, but is no question that can be answered.
        other_question,
    };

    bool subscribe = true;
    Kind kind = Kind::prefix;
    std::string_view prefix;
    /// Of a question: `prefix` without its NUL.
    std::string_view topic;
    std::uint64_t producer_id = 0;

    /// Longer than any topic and its NUL: it can never match.
    bool too_long() const;
};

/// nullopt: neither a subscription nor an unsubscription.
std::optional<Subscription> read_subscription(std::string_view frame);

}  // namespace coven::broker
