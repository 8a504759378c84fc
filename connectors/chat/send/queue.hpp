#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "send/limiter.hpp"

namespace chat {

/// The lines of one account that wait for their turn: higher priority first, then in the order of
/// arrival. Within a channel and a priority nothing overtakes. A line that waits for its channel
/// alone lets others pass; one that waits for the account's window lets none of a lower priority
/// pass, for they would take the place that it waits for.
class SendQueue {
  public:
    using Ticket = std::uint64_t;
    using StandingIn = std::function<Standing(const std::string& channel)>;

    /// `limiter` must outlive it.
    SendQueue(SendLimiter& limiter, StandingIn standing_in)
        : limiter_(limiter), standing_in_(std::move(standing_in)) {}

    Ticket add(const std::string& channel, const std::string& text, std::int32_t priority);
    void remove(Ticket ticket);
    /// It is being written: it keeps its place until it is removed or put back.
    void begin(Ticket ticket);
    void put_back(Ticket ticket);
    /// Whose turn it is now.
    std::optional<Ticket> next(coven::Instant now);
    /// When it may be somebody's turn, as far as time alone decides; Instant::max() = never.
    coven::Instant deadline(coven::Instant now);
    /// How many wait.
    std::size_t size() const;
    /// Whether the same line waits or is being written.
    bool holds(const std::string& channel, const std::string& text) const;

  private:
    /// Sorted as they take their turns: higher priority first, then the lower number.
    using Rank = std::pair<std::int64_t, Ticket>;
    struct Line {
        std::string channel;
        std::string text;
        bool begun = false;
    };

    Line* find(Ticket ticket);

    SendLimiter& limiter_;
    StandingIn standing_in_;
    std::map<Rank, Line> rows_;
    Ticket last_ = 0;
};

}  // namespace chat
