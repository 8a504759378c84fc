#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coven/clock.hpp"
#include "join_queue.hpp"

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

    /// `queue` must outlive the roster.
    Roster(Limits limits, JoinQueue& queue);

    /// Queues it, with the first `advance`. Does nothing for one that is wanted already.
    void want(const std::string& channel, JoinQueue::Turn turn);
    /// Not wanted any more. True if Twitch has to be told, since it was asked for or joined.
    bool drop(std::string_view channel);

    /// Brings everything up to `now`: who was not answered is refused, who was refused long ago
    /// queues again. Gives the channels to be joined now.
    std::vector<std::string> advance(coven::Instant now);
    /// When `advance` has something to do next; Instant::max() when never.
    coven::Instant deadline(coven::Instant now) const;
    /// Calls `wake` when `advance` has something to do sooner, as another connection moved the line
    /// on.
    void when_granted(std::function<void()> wake) { guest_->wake = std::move(wake); }
    /// It will join nothing more.
    void leave_queue();

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
    /// In which its rooms wait, with those of other connections.
    JoinQueue& queue() const { return queue_; }

  private:
    using Entry = std::pair<std::string, JoinQueue::Turn>;

    void give_up_waiting(coven::Instant now);

    Limits limits_;
    JoinQueue& queue_;
    std::unique_ptr<JoinQueue::Guest> guest_;
    std::map<std::string, Room, std::less<>> rooms_;
    /// Wanted before there was a connection to join them through.
    std::vector<Entry> unqueued_;
};

}  // namespace chat
