#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"
#include "coven/replicas.hpp"

namespace chat {

/// Which channels this instance hears: of those configured, added and removed the ones that are its
/// share among the replicas. One that moves to another replica is heard here until the other one
/// hears it. Decides only.
class ChannelShare {
  public:
    enum class Origin {
        configured,
        /// Wanted since `channels.add`, and not configured.
        added,
    };
    using Wanted = std::map<std::string, Origin, std::less<>>;

    struct Started {
        std::string channel;
        /// Another replica may hear it as well for a while.
        bool overlaps = false;
        /// Until when another replica, or an earlier process of this name, heard it, which does so
        /// no more.
        std::optional<coven::Time> heard_until;
    };
    struct Changes {
        std::vector<Started> started;
        std::vector<std::string> ended;
        /// Still heard here, and soon by another one as well.
        std::vector<std::string> moving;
        /// Those that were moving and do so no more.
        std::vector<std::string> staying;
    };

    /// `configured` are logins; `own_name` is the instance.
    ChannelShare(const std::vector<std::string>& configured, std::string own_name);

    /// To be called at the start and whenever the replicas or the channels change.
    Changes update(const coven::Replicas& replicas);
    /// There are channels that others shall hear and do not yet, or have not said they would.
    bool hands_over() const { return !moving_.empty() || !unclaimed_.empty(); }
    /// `owner` says that it wants `channel`.
    void claim(std::string_view channel, std::string_view owner);
    /// Those that are wanted here and that their owners do not want: an instance that is configured
    /// otherwise. They are heard here, until their owners do.
    std::vector<Started> adopt();
    /// `owner` hears `channel`. True if it is to be dropped here now.
    bool confirm(std::string_view channel, std::string_view owner);

    /// Those that are heard here, or shall be.
    const Wanted& ours() const { return ours_; }

  private:
    Wanted wanted(const coven::Replicas& replicas) const;
    Started start(const std::string& channel, const coven::Replicas& replicas) const;
    bool was_away_shortly(const coven::Replicas& replicas) const;
    void await_claim(const std::string& channel, const std::string& owner);
    void forget(std::string_view channel);

    std::set<std::string> configured_;
    std::string own_name_;
    Wanted ours_;
    /// Channel → the instance that shall take it over.
    std::map<std::string, std::string, std::less<>> moving_;
    /// Channel → whose share it is, as long as that one has not said that it wants it.
    std::map<std::string, std::string, std::less<>> unclaimed_;
    /// Channel → who has said so.
    std::map<std::string, std::string, std::less<>> claimed_;
    /// Those of all replicas, and who was there, by the last update.
    Wanted all_;
    coven::Replicas before_;
};

}  // namespace chat
