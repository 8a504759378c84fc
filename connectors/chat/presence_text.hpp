#pragma once

#include <string>

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

PresenceText presence_text(const Feed::Status& status, const Coverage& coverage,
                           coven::Instant now);

}  // namespace chat
