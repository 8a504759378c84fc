#pragma once

#include <cstdint>

#include "coven/metrics.hpp"
#include "lookups.hpp"

namespace users {

/// What the connector counts from its start on, however often its work begins anew.
struct UsersNumbers {
    Lookups::Numbers lookups;
    std::uint64_t heard = 0;
    std::uint64_t renamed = 0;
    /// In the list now.
    std::uint64_t users = 0;
};

/// Registers the numbers, which must outlive the last turn of `metrics`.
void show(const UsersNumbers& numbers, coven::Metrics& metrics);

}  // namespace users
