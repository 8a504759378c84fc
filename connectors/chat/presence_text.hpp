#pragma once

#include <string>
#include <vector>

#include "coven/clock.hpp"
#include "coven/v1/bus.pb.h"
#include "coverage.hpp"
#include "feed.hpp"

namespace chat {

/// What presence says.
struct PresenceText {
    coven::v1::Presence::State state = coven::v1::Presence::STATE_STARTING;
    std::string reason;
};

/// Of all feeds together.
PresenceText presence_text(const std::vector<Feed::Status>& feeds, const Coverage& coverage,
                           coven::Instant now);

}  // namespace chat
