#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coven/clock.hpp"
#include "coven/v1/bus.pb.h"

namespace coven::cli {

/// "STATE_READY" → "ready"; "state 9" for one that is not known yet.
std::string state_name(const v1::Presence& presence);
std::string state_name(const v1::ChannelState& channel);

/// Decides which news of a connector's presence are worth a line: another state at once, another
/// reason not more often than every five seconds.
class PresenceLines {
  public:
    struct Line {
        std::string instance;
        v1::Presence::State state = v1::Presence::STATE_UNSPECIFIED;
        /// As the connector wrote it.
        std::string text;
    };

    void hear(const v1::Presence& presence);
    /// What is to be said now.
    std::vector<Line> due(Instant now);

  private:
    struct Entry {
        v1::Presence presence;
        bool unsaid = false;
        v1::Presence::State said_state = v1::Presence::STATE_UNSPECIFIED;
        std::string said_reason;
        std::optional<Instant> said_at;
    };

    std::map<std::string, Entry> entries_;
};

}  // namespace coven::cli
