#pragma once

#include <cstdint>

#include "coven/store.hpp"
#include "journal/journal.hpp"

namespace coven::broker {

/// How long the mark of a publisher is kept after its last event.
inline constexpr std::chrono::hours mark_lifetime{24};

/// Reads what `store` knows. Fails when it cannot be read, or when what everything rests on is
/// damaged: then nothing was changed.
Result<Recovered> recover(const Store& store, std::uint64_t now_us);
/// Removes marks that are past their time and left-overs of a crash.
Result<void> tidy_up(Store& store, std::uint64_t now_us);

}  // namespace coven::broker
