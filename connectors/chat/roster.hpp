#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"
#include "join_limiter.hpp"

namespace chat {

/// The rooms that one connection shall be in, and how far it got with each. Decides only; the
/// dialogue sends. A room that was refused is tried again later, behind the others.
class Roster {
  public:
    struct Limits {
        /// Twitch does not answer a JOIN of a channel that does not exist, nor one over its limit.
        coven::Duration answer = std::chrono::seconds(15);
        coven::Duration retry = std::chrono::minutes(5);
    };
    enum class State { queued, joining, joined, refused };
    struct Room {
        State state = State::queued;
        /// While joining, when the answer is due; when refused, when it is tried again.
        coven::Instant deadline;
        /// Why it was refused the last time.
        std::string reason;
        /// Was joined or refused at least once.
        bool answered = false;
    };

    /// Joins `channels` in this order. `limiter` must outlive the roster.
    Roster(const std::vector<std::string>& channels, Limits limits, JoinLimiter& limiter);

    /// Brings everything up to `now`: who was not answered is refused, who was refused long ago
    /// queues again. Gives the channels to be joined now.
    std::vector<std::string> advance(coven::Instant now);
    /// When `advance` has something to do next; Instant::max() when never.
    coven::Instant deadline(coven::Instant now) const;

    /// True if this is news: `channel` is one of ours and was not joined before.
    bool join(std::string_view channel);
    /// True if `channel` is one of ours and was not refused already.
    bool refuse(std::string_view channel, std::string reason, coven::Instant now);

    /// nullptr when it is none of ours.
    const Room* find(std::string_view channel) const;
    const std::map<std::string, Room, std::less<>>& rooms() const { return rooms_; }
    std::size_t count(State state) const;
    /// Each room was joined or refused at least once.
    bool settled() const;
    /// Rooms that go before `channel` in the queue; only for one that is queued.
    std::size_t position(std::string_view channel) const;
    /// The rooms that are still to be asked for, the next one first.
    const std::deque<std::string>& queue() const { return queue_; }
    /// When the room is asked for that `ahead` others go before.
    coven::Instant turn(std::size_t ahead, coven::Instant now) const {
        return limiter_.turn(ahead, now);
    }
    /// How long until the last room of the queue is asked for.
    coven::Duration time_left(coven::Instant now) const;

  private:
    void give_up_waiting(coven::Instant now);

    Limits limits_;
    JoinLimiter& limiter_;
    std::map<std::string, Room, std::less<>> rooms_;
    std::deque<std::string> queue_;
};

}  // namespace chat
