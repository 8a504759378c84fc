#include "helix_bucket.hpp"

#include <algorithm>

namespace coven::sim {

HelixBuckets::Level HelixBuckets::take(const std::string& whose) {
    using Minutes = std::chrono::duration<double, std::ratio<60>>;
    const auto full = static_cast<double>(points_);
    const auto now = clock_.instant();
    auto& bucket = buckets_.try_emplace(whose, Bucket{.points = full, .since = now}).first->second;
    bucket.points = std::min(full, bucket.points + full * Minutes(now - bucket.since).count());
    bucket.since = now;
    Level level;
    level.limit = points_;
    level.was_empty = bucket.points < 1;
    if (!level.was_empty) bucket.points -= 1;
    level.remaining = static_cast<std::uint64_t>(bucket.points);
    const Minutes until_full((full - bucket.points) / std::max(full, 1.0));
    level.full_at = clock_.now() + std::chrono::ceil<std::chrono::microseconds>(until_full);
    return level;
}

}  // namespace coven::sim
