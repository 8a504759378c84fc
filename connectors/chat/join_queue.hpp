#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coven/clock.hpp"
#include "join_limiter.hpp"

namespace chat {

/// The line in which rooms wait to be joined, one for all connections of an account. Rooms that
/// were heard before go first, so that their gaps end soon. Decides only.
class JoinQueue {
  public:
    enum class Turn { first, last };

    explicit JoinQueue(JoinLimiter::Limits limits) : limiter_(limits) {}
    JoinQueue(const JoinQueue&) = delete;
    JoinQueue& operator=(const JoinQueue&) = delete;

    /// The rooms that one connection waits for; they leave the line when it dies. The queue must
    /// outlive it.
    class Guest {
      public:
        explicit Guest(JoinQueue& queue) : queue_(queue) {}
        Guest(const Guest&) = delete;
        Guest& operator=(const Guest&) = delete;
        ~Guest();

        /// Does nothing for one that waits already.
        void enter(const std::string& channel, Turn turn);
        void leave(std::string_view channel);
        bool waits() const { return !places_.empty(); }
        /// The channels whose turn has come since the last call.
        std::vector<std::string> take_granted() { return std::exchange(granted_, {}); }
        /// Called when there are some; may be empty.
        std::function<void()> wake;

      private:
        friend class JoinQueue;

        JoinQueue& queue_;
        std::map<std::string, std::pair<Turn, std::uint64_t>, std::less<>> places_;
        std::vector<std::string> granted_;
    };

    /// Grants all whose turn has come, whichever connection they are for.
    void advance(coven::Instant now);
    /// When `advance` has something to do next; Instant::max() when nobody waits.
    coven::Instant deadline(coven::Instant now);
    /// When the room is asked for that `ahead` others go before.
    coven::Instant turn(std::size_t ahead, coven::Instant now) { return limiter_.turn(ahead, now); }
    /// How long until the last one of the line is asked for.
    coven::Duration time_left(coven::Instant now);
    std::size_t size() const { return line_.size(); }
    /// Who waits, the next one first. Valid until the line changes.
    std::vector<std::string_view> line() const;

  private:
    struct Waiting {
        Guest* guest;
        std::string channel;
    };

    JoinLimiter limiter_;
    std::map<std::pair<Turn, std::uint64_t>, Waiting> line_;
    std::uint64_t last_number_ = 0;
};

}  // namespace chat
