#include "join_limiter.hpp"

#include <algorithm>

namespace chat {

void JoinLimiter::forget(coven::Instant now) {
    while (!past_.empty() && past_.front() + limits_.window <= now) past_.pop_front();
}

std::size_t JoinLimiter::room(coven::Instant now) {
    forget(now);
    return limits_.joins - past_.size();
}

void JoinLimiter::take(coven::Instant now) { past_.push_back(now); }

coven::Instant JoinLimiter::turn(std::size_t ahead, coven::Instant now) {
    if (ahead < room(now)) return now;
    // Every join waits for the one that went `joins` before it to leave the window.
    const auto rounds = static_cast<int>((ahead - room(now)) / limits_.joins);
    const auto before = (ahead - room(now)) % limits_.joins;
    const auto first = before < past_.size() ? past_[before] : now;
    return first + limits_.window * (rounds + 1);
}

}  // namespace chat
