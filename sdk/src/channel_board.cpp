#include "channel_board.hpp"

#include <utility>

namespace coven {

namespace {

bool is_same(const v1::ChannelState& one, const v1::ChannelState& other) {
    return one.state() == other.state() && one.reason() == other.reason() &&
           one.ahead() == other.ahead() && one.expected_us() == other.expected_us() &&
           one.added() == other.added();
}

}  // namespace

void ChannelBoard::set(v1::ChannelState state, std::uint64_t now_us) {
    const auto channel = std::exchange(*state.mutable_channel(), {});
    const auto known = all_.find(channel);
    const bool gone = state.state() == v1::ChannelState::STATE_GONE;
    if (known == all_.end() && gone) return;
    if (known != all_.end() && is_same(known->second, state)) return;
    const bool began = known == all_.end() || known->second.state() != state.state();
    state.set_since_us(began ? now_us : known->second.since_us());
    news_.insert(channel);
    // Not moved: a copy allocates nothing for texts that are empty.
    all_[channel].CopyFrom(state);
}

v1::ConnectorChannels ChannelBoard::take(const std::string& kind, const std::string& instance) {
    v1::ConnectorChannels message;
    message.set_kind(kind);
    message.set_instance(instance);
    message.set_seq(++seq_);
    message.set_from_scratch(seq_ == 1 || std::exchange(from_scratch_, false));
    while (!news_.empty() && message.channels_size() < static_cast<int>(most_per_message)) {
        const auto found = all_.find(*news_.begin());
        news_.erase(news_.begin());
        auto& told = *message.add_channels();
        told = found->second;
        told.set_channel(found->first);
        if (found->second.state() == v1::ChannelState::STATE_GONE) all_.erase(found);
    }
    return message;
}

void ChannelBoard::start_over() {
    from_scratch_ = true;
    for (const auto& [channel, state] : all_) news_.insert(channel);
}

}  // namespace coven
