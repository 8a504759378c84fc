#pragma once

#include <string>
#include <vector>

#include "coven/clock.hpp"
#include "coven/v1/bus.pb.h"
#include "coverage.hpp"
#include "feed.hpp"

namespace chat {

/// How far we are with each of `channels`, for whoever asks the broker.
std::vector<coven::v1::ChannelState> channel_states(const Feed::Status& status,
                                                    const Coverage& coverage,
                                                    const std::vector<std::string>& channels,
                                                    const coven::Clock& clock);

}  // namespace chat
