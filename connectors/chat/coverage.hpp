#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"

namespace chat {

/// A stretch of time in which messages of a channel were missed.
struct Gap {
    std::string channel;
    coven::Time from;
    coven::Time to;
    std::string reason;
    /// 0 = unknown.
    std::uint64_t events = 0;
};

/// Which channels are heard, by how many connections at once, and what was missed of each.
class Coverage {
  public:
    Coverage() = default;
    explicit Coverage(const std::vector<std::string>& channels);

    /// `channel` is to be heard.
    void add(const std::string& channel);
    /// Somebody else heard it until `since`, and nobody has heard it from then on.
    void miss(std::string_view channel, coven::Time since, std::string_view reason);
    /// It is not to be heard any more. What was dropped of it is still announced; what is said
    /// from now on is not missed.
    void remove(std::string_view channel, coven::Time now);
    /// Somebody else hears it as well, or will soon.
    void share(std::string_view channel);
    void stop_sharing(std::string_view channel, coven::Time now);
    /// Somebody else hears it and will leave within `time` after it is joined here.
    void overlap(std::string_view channel, coven::Duration time);

    /// One more connection hears `channel`.
    void join(std::string_view channel, coven::Time now);
    /// One connection less hears it, by which everything came that was said until `heard_until`. If
    /// it was the only one, the gap begins there.
    void leave(std::string_view channel, coven::Time heard_until, coven::Time now,
               std::string_view reason);
    /// The same for one that another connection has taken over from, which heard only what was said
    /// after it came: what this one should have heard before is a gap, too.
    void hand_over(std::string_view channel, coven::Time heard_until, coven::Time now,
                   std::string_view reason);
    /// A message was heard and did not get onto the bus. `channel` may also be "-": what concerns
    /// none.
    void drop(std::string_view channel, coven::Time now, std::string_view reason);

    /// A connection takes over from another, so a message may have been heard before.
    bool may_repeat(std::string_view channel, coven::Time now) const;
    bool hears(std::string_view channel) const;
    /// It is heard, or was.
    bool was_heard(std::string_view channel) const;
    /// A channel was heard and is not any more.
    bool lost_any() const { return lost_ > 0; }
    /// Channels that are heard.
    std::size_t heard() const { return heard_; }
    std::size_t channels() const { return channels_.size(); }

    bool has_gaps() const { return !gaps_.empty() || !drops_.empty(); }
    /// The gaps that are over; drops are over now.
    std::vector<Gap> take_gaps(coven::Time now);
    /// Takes back a gap that could not be announced.
    void give_back(Gap gap) { gaps_.push_back(std::move(gap)); }

  private:
    struct Channel {
        int connections = 0;
        /// By the newest of them.
        coven::Time joined;
        /// Since when it is not heard, if it ever was.
        std::optional<coven::Time> silent_since;
        std::string silent_reason;
        coven::Time repeats_until;
        bool is_shared = false;
        coven::Duration overlap{0};
    };
    struct Drops {
        std::uint64_t count = 0;
        coven::Time since;
        std::string reason;
    };

    /// By channel.
    using AllDrops = std::map<std::string, Drops, std::less<>>;
    using Channels = std::map<std::string, Channel, std::less<>>;
    using Entry = Channels::value_type;

    static bool is_doubled(const Channel& channel);
    void let_repeat(Channel& channel, coven::Time until);
    void fall_silent(Channel& channel, coven::Time since, std::string_view reason);
    /// Its gap is over, if there is one.
    void end_silence(Entry& entry, coven::Time now);
    static Gap gap_of(AllDrops::node_type drops, coven::Time now);

    Channels channels_;
    std::vector<Gap> gaps_;
    std::size_t heard_ = 0;
    /// Those that were heard and are not.
    std::size_t lost_ = 0;
    AllDrops drops_;
    /// Channels that more than one connection hears, here or elsewhere.
    std::size_t doubled_ = 0;
    /// The latest of all channels.
    coven::Time repeats_until_;
};

}  // namespace chat
