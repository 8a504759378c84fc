#include "coven/backoff.hpp"

#include <algorithm>

namespace coven {

Backoff::Backoff(Limits limits, std::uint64_t seed)
    : limits_(limits), random_(static_cast<std::minstd_rand::result_type>(seed)) {}

std::chrono::milliseconds Backoff::next() {
    std::uniform_int_distribution<std::chrono::milliseconds::rep> below(0, ceiling_.count());
    const std::chrono::milliseconds pause{below(random_)};
    ceiling_ = std::min(std::max(ceiling_ * 2, limits_.first), limits_.longest);
    return pause;
}

void Backoff::reset() { ceiling_ = std::chrono::milliseconds{0}; }

}  // namespace coven
