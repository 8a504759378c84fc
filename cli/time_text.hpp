#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace coven::cli {

/// UTC, as in RFC 3339: "2026-11-22T09:20:59.981000Z". Empty for 0 (unknown) and beyond the year
/// 9999. Microseconds since the Unix epoch.
std::string utc_text(std::uint64_t time_us);

/// The time of day here, "09:20:59"; dashes where there is none.
std::string local_text(std::uint64_t time_us);

/// "0.4 s", "31 s", "2 min 5 s", "3 h 2 min".
std::string span_text(std::chrono::milliseconds span);

}  // namespace coven::cli
