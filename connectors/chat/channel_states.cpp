#include "channel_states.hpp"

#include <map>
#include <string_view>

namespace chat {

namespace {

using coven::v1::ChannelState;

/// Whole seconds: an estimate that changed by microseconds would be news each time.
std::uint64_t wall_clock(coven::Instant when, const coven::Clock& clock) {
    const auto left = when - clock.instant();
    const auto then = clock.now() + std::chrono::duration_cast<std::chrono::microseconds>(left);
    const auto second = std::chrono::round<std::chrono::seconds>(then);
    return coven::microseconds_since_epoch(second);
}

/// Queued, with how many go before it.
void fill_queued(ChannelState& state, std::size_t ahead, const Roster& roster,
                 const coven::Clock& clock) {
    state.set_state(ChannelState::STATE_WANTED);
    state.set_ahead(ahead);
    state.set_expected_us(wall_clock(roster.turn(ahead, clock.instant()), clock));
}

void fill(ChannelState& state, const Roster::Room& room, const coven::Clock& clock) {
    state.set_reason(room.reason);
    if (room.state == Roster::State::joining) state.set_state(ChannelState::STATE_JOINING);
    if (room.state == Roster::State::joined) state.set_state(ChannelState::STATE_JOINED);
    if (room.state != Roster::State::refused) return;
    state.set_state(ChannelState::STATE_REFUSED);
    state.set_expected_us(wall_clock(room.deadline, clock));
}

}  // namespace

std::vector<ChannelState> channel_states(const Feed::Status& status, const Coverage& coverage,
                                         const std::vector<std::string>& channels,
                                         const coven::Clock& clock) {
    std::map<std::string_view, std::size_t> ahead;
    if (status.roster != nullptr) {
        for (const auto& channel : status.roster->queue()) ahead.emplace(channel, ahead.size());
    }
    std::vector<ChannelState> states;
    states.reserve(channels.size());
    for (const auto& channel : channels) {
        auto& state = states.emplace_back();
        state.set_channel(channel);
        state.set_state(ChannelState::STATE_WANTED);
        const auto* room = status.roster == nullptr ? nullptr : status.roster->find(channel);
        // An old connection may hear it while the new one still queues.
        if (coverage.hears(channel)) {
            state.set_state(ChannelState::STATE_JOINED);
        } else if (room == nullptr) {
            state.set_reason(status.trouble.empty() ? "connecting" : status.trouble);
        } else {
            fill(state, *room, clock);
            const auto queued = ahead.find(channel);
            if (queued != ahead.end()) fill_queued(state, queued->second, *status.roster, clock);
        }
    }
    return states;
}

}  // namespace chat
