#include "channel_states.hpp"

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

}  // namespace

ChannelStates::ChannelStates(const Coverage& coverage, const coven::Clock& clock)
    : coverage_(coverage), clock_(clock) {}

void ChannelStates::look_at(JoinQueue& queue) {
    std::size_t ahead = 0;
    for (const auto channel : queue.line()) {
        places_.try_emplace(std::string(channel), Place{&queue, ahead++});
    }
}

ChannelState ChannelStates::of(const std::string& channel, const Feed::Status& feed) const {
    ChannelState state;
    state.set_channel(channel);
    state.set_state(ChannelState::STATE_WANTED);
    const auto* room = feed.roster == nullptr ? nullptr : feed.roster->find(channel);
    // An old connection may hear it while the new one still queues.
    if (coverage_.hears(channel)) {
        state.set_state(ChannelState::STATE_JOINED);
    } else if (room == nullptr) {
        state.set_reason(feed.trouble.empty() ? "connecting" : feed.trouble);
    } else {
        fill(state, *room);
        const auto waits = places_.find(channel);
        if (waits != places_.end()) fill_queued(state, waits->second);
    }
    return state;
}

/// Queued, with how many go before it.
void ChannelStates::fill_queued(ChannelState& state, const Place& place) const {
    state.set_state(ChannelState::STATE_WANTED);
    state.set_ahead(place.ahead);
    state.set_expected_us(wall_clock(place.queue->turn(place.ahead, clock_.instant()), clock_));
}

void ChannelStates::fill(ChannelState& state, const Roster::Room& room) const {
    state.set_reason(room.reason);
    if (room.state == Roster::State::joining) state.set_state(ChannelState::STATE_JOINING);
    if (room.state == Roster::State::joined) state.set_state(ChannelState::STATE_JOINED);
    if (room.state != Roster::State::refused) return;
    state.set_state(ChannelState::STATE_REFUSED);
    state.set_expected_us(wall_clock(room.deadline, clock_));
}

}  // namespace chat
