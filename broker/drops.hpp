#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coven::broker {

/// Why something that arrived, or was to leave, was dropped.
enum class Drop {
    // Publish door. The first eight are also said to the publisher.
    no_nul,
    topic_malformed,
    topic_reserved,
    frame_malformed,
    text_malformed,
    too_large,
    too_many_topics,
    seq_missing,
    duplicate,
    out_of_order,
    // It was handed on; the current state of its topic is unknown.
    state_not_kept,
    // Subscribe door.
    subscription_malformed,
    subscription_too_long,
    too_many_subscriptions,
    reader_stuck,
    // Request door.
    envelope_malformed,
    request_malformed,
    verb_unknown,
    presence_refused,
    reply_unsent,
};
inline constexpr std::size_t drop_kinds = static_cast<std::size_t>(Drop::reply_unsent) + 1;

/// The word for it in PublishAck.rejected and BrokerStatus.dropped: short, never changes.
std::string_view word(Drop reason);

/// How often each happened since the start.
class Drops {
  public:
    void count(Drop reason) { ++counts_[static_cast<std::size_t>(reason)]; }
    std::uint64_t of(Drop reason) const { return counts_[static_cast<std::size_t>(reason)]; }
    std::uint64_t total() const;
    /// What grew since `earlier`, as "duplicate=3,no_nul=5"; empty when nothing did.
    std::string since(const Drops& earlier) const;

  private:
    std::array<std::uint64_t, drop_kinds> counts_{};
};

}  // namespace coven::broker
