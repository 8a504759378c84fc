#include "coverage.hpp"

#include <utility>

namespace chat {

namespace {

/// The new connection may be behind the old one by this much.
constexpr auto longest_lag = std::chrono::seconds(10);

}  // namespace

Coverage::Coverage(const std::vector<std::string>& channels) {
    for (const auto& channel : channels) channels_.try_emplace(channel);
}

void Coverage::join(std::string_view channel, coven::Time now) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    auto& state = found->second;
    state.joined = now;
    if (++state.connections > 1) return;
    ++heard_;
    if (!state.silent_since) return;
    gaps_.push_back({found->first, *state.silent_since, now, std::move(state.silent_reason), 0});
    state.silent_since.reset();
}

void Coverage::leave(std::string_view channel, coven::Time heard_until, coven::Time now,
                     std::string_view reason) {
    const auto found = channels_.find(channel);
    if (found == channels_.end() || found->second.connections == 0) return;
    auto& state = found->second;
    if (--state.connections > 0) {
        state.repeats_until = now + longest_lag;
        return;
    }
    --heard_;
    state.silent_since = heard_until;
    state.silent_reason = reason;
}

void Coverage::hand_over(std::string_view channel, coven::Time heard_until, coven::Time now,
                         std::string_view reason) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    const auto& state = found->second;
    if (state.connections > 1 && heard_until < state.joined) {
        gaps_.push_back({found->first, heard_until, state.joined, std::string(reason), 0});
    }
    leave(channel, heard_until, now, reason);
}

void Coverage::drop(std::string_view channel, coven::Time now, std::string_view reason) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    auto& state = found->second;
    ++dropped_;
    if (++state.dropped > 1) return;
    state.dropped_since = now;
    state.dropped_reason = reason;
}

bool Coverage::may_repeat(std::string_view channel, coven::Time now) const {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return false;
    return found->second.connections > 1 || now < found->second.repeats_until;
}

bool Coverage::hears(std::string_view channel) const {
    const auto found = channels_.find(channel);
    return found != channels_.end() && found->second.connections > 0;
}

bool Coverage::was_heard(std::string_view channel) const {
    const auto found = channels_.find(channel);
    return found != channels_.end() && (hears(channel) || found->second.silent_since);
}

std::vector<Gap> Coverage::take_gaps(coven::Time now) {
    auto gaps = std::exchange(gaps_, {});
    if (dropped_ == 0) return gaps;
    for (auto& [channel, state] : channels_) {
        if (state.dropped == 0) continue;
        gaps.push_back({channel, state.dropped_since, now, std::move(state.dropped_reason),
                        std::exchange(state.dropped, 0)});
    }
    dropped_ = 0;
    return gaps;
}

}  // namespace chat
