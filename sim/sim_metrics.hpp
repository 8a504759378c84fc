#pragma once

#include "coven/metrics.hpp"
#include "twitch.hpp"

namespace coven::sim {

/// Registers the numbers of this Twitch, which must outlive `metrics`.
void show(Metrics& metrics, const Twitch& twitch);

}  // namespace coven::sim
