#include "coverage.hpp"

#include <algorithm>
#include <utility>

#include "channel_login.hpp"

namespace chat {

namespace {

/// The new connection may be behind the old one by this much.
constexpr auto longest_lag = std::chrono::seconds(10);

}  // namespace

Coverage::Coverage(const std::vector<std::string>& channels) {
    for (const auto& channel : channels) add(channel);
}

void Coverage::add(const std::string& channel) { channels_.try_emplace(channel); }

void Coverage::miss(std::string_view channel, coven::Time since, std::string_view reason) {
    const auto found = channels_.find(channel);
    if (found == channels_.end() || found->second.connections > 0) return;
    fall_silent(found->second, since, reason);
}

void Coverage::fall_silent(Channel& channel, coven::Time since, std::string_view reason) {
    if (!channel.silent_since) ++lost_;
    channel.silent_since = since;
    channel.silent_reason = reason;
}

void Coverage::end_silence(Entry& entry, coven::Time now) {
    auto& [name, channel] = entry;
    if (!channel.silent_since) return;
    --lost_;
    gaps_.push_back({name, *channel.silent_since, now, std::move(channel.silent_reason), 0});
    channel.silent_since.reset();
}

void Coverage::remove(std::string_view channel, coven::Time now) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    if (found->second.connections > 0) --heard_;
    if (is_doubled(found->second)) --doubled_;
    // Until now it was to be heard: whoever takes it over does not know.
    end_silence(*found, now);
    auto drops = drops_.extract(found->first);
    if (!drops.empty()) gaps_.push_back(gap_of(std::move(drops), now));
    channels_.erase(found);
}

void Coverage::share(std::string_view channel) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    auto& state = found->second;
    const bool was_doubled = is_doubled(state);
    state.is_shared = true;
    if (!was_doubled) ++doubled_;
}

void Coverage::stop_sharing(std::string_view channel, coven::Time now) {
    const auto found = channels_.find(channel);
    if (found == channels_.end() || !std::exchange(found->second.is_shared, false)) return;
    if (!is_doubled(found->second)) --doubled_;
    let_repeat(found->second, now + longest_lag);
}

void Coverage::overlap(std::string_view channel, coven::Duration time) {
    const auto found = channels_.find(channel);
    if (found != channels_.end()) found->second.overlap = time;
}

void Coverage::join(std::string_view channel, coven::Time now) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    auto& state = found->second;
    state.joined = now;
    const auto overlap = std::exchange(state.overlap, coven::Duration::zero());
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(overlap);
    if (time.count() > 0) let_repeat(state, now + time);
    const bool was_doubled = is_doubled(state);
    ++state.connections;
    if (is_doubled(state) && !was_doubled) ++doubled_;
    if (state.connections > 1) return;
    ++heard_;
    end_silence(*found, now);
}

void Coverage::leave(std::string_view channel, coven::Time heard_until, coven::Time now,
                     std::string_view reason) {
    const auto found = channels_.find(channel);
    if (found == channels_.end() || found->second.connections == 0) return;
    auto& state = found->second;
    const bool was_doubled = is_doubled(state);
    --state.connections;
    if (was_doubled && !is_doubled(state)) --doubled_;
    if (state.connections > 0) return let_repeat(state, now + longest_lag);
    --heard_;
    fall_silent(state, heard_until, reason);
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
    if (channel != no_channel && channels_.find(channel) == channels_.end()) return;
    auto& drops = drops_[std::string(channel)];
    if (++drops.count > 1) return;
    drops.since = now;
    drops.reason = reason;
}

Gap Coverage::gap_of(AllDrops::node_type drops, coven::Time now) {
    auto& [count, since, reason] = drops.mapped();
    return {std::move(drops.key()), since, now, std::move(reason), count};
}

bool Coverage::is_doubled(const Channel& channel) {
    return channel.is_shared || channel.connections > 1;
}

void Coverage::let_repeat(Channel& channel, coven::Time until) {
    channel.repeats_until = std::max(channel.repeats_until, until);
    repeats_until_ = std::max(repeats_until_, until);
}

bool Coverage::may_repeat(std::string_view channel, coven::Time now) const {
    // Every message asks, and mostly it is so for none.
    if (doubled_ == 0 && now >= repeats_until_) return false;
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return false;
    const auto& state = found->second;
    return is_doubled(state) || now < state.repeats_until;
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
    while (!drops_.empty()) gaps.push_back(gap_of(drops_.extract(drops_.begin()), now));
    return gaps;
}

}  // namespace chat
