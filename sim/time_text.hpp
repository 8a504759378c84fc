#pragma once

#include <string>

#include "coven/clock.hpp"

namespace coven::sim {

/// RFC 3339 in UTC, whole seconds: "2026-01-01T00:00:00Z".
std::string rfc3339(Time time);
/// The same with nine digits behind the seconds, as EventSub writes it.
std::string rfc3339_precise(Time time);

}  // namespace coven::sim
