#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "coven/clock.hpp"
#include "coven/metrics.hpp"
#include "coven/v1/request.pb.h"

namespace chat {

/// What is counted of sending from the start of the connector on, over all accounts.
struct SendNumbers {
    /// Commands to chat that were answered.
    std::map<coven::v1::Reply::Status, std::uint64_t> answers;
    /// Lines that wait for their turn now.
    std::size_t waiting = 0;
    /// Lines that could not be written at once, and how long they waited together.
    std::uint64_t waits = 0;
    coven::Duration waited{0};
};

/// Registers the numbers, which must outlive the last turn of `metrics`.
void show(const SendNumbers& numbers, coven::Metrics& metrics);

}  // namespace chat
