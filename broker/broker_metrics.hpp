#pragma once

#include "coven/metrics.hpp"
#include "desk.hpp"

namespace coven::broker {

/// What the broker shows of itself; all of it must outlive the Metrics they are shown by, or at
/// least its last turn.
struct Shown {
    const Router& router;
    const Connections& connections;
    const Vitals& vitals;
    const ConnectorTable& connectors;
    const Drops& drops;
    const Desk& desk;
    const Storage& storage;
    const CallTable& calls;
};

void show(const Shown& shown, Metrics& metrics);

}  // namespace coven::broker
