#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"
#include "coven/v1/bus.pb.h"
#include "coverage.hpp"
#include "feeds.hpp"

namespace chat {

/// How far we are with channels, for whoever asks the broker. It looks at one moment: make a new
/// one for the next look.
class ChannelStates {
  public:
    /// All must outlive it.
    ChannelStates(const Coverage& coverage, const coven::Clock& clock);

    /// Rooms wait in this line.
    void look_at(JoinQueue& queue);
    /// `feed` is the one that shall hear `channel`.
    coven::v1::ChannelState of(const std::string& channel, const Feed::Status& feed) const;

  private:
    struct Place {
        JoinQueue* queue;
        std::size_t ahead;
    };

    void fill(coven::v1::ChannelState& state, const Roster::Room& room) const;
    void fill_queued(coven::v1::ChannelState& state, const Place& place) const;

    const Coverage& coverage_;
    const coven::Clock& clock_;
    /// A room that waits twice, as one that another connection takes over, has its better place.
    std::map<std::string, Place, std::less<>> places_;
};

}  // namespace chat
