#include "send/limiter.hpp"

#include <algorithm>

namespace chat {

namespace {

/// Channels that are remembered before old ones are looked for.
constexpr std::size_t many_channels = 1000;

}  // namespace

void SendLimiter::forget_old(coven::Instant now) {
    while (!past_.empty() && past_.front() <= now) past_.pop_front();
    if (channels_.size() < many_channels) return;
    std::erase_if(channels_, [now](const auto& row) {
        const auto& texts = row.second.texts;
        const auto is_old = [now](const auto& text) { return text.second <= now; };
        return !row.second.under_way && row.second.next <= now &&
               std::all_of(texts.begin(), texts.end(), is_old);
    });
}

std::size_t SendLimiter::used(coven::Instant now) {
    forget_old(now);
    return past_.size() + under_way_.size();
}

std::size_t SendLimiter::places(Standing standing) const {
    const auto is_ordinary = [](const auto& row) {
        return row.second.standing == Standing::ordinary;
    };
    const bool strict = standing == Standing::ordinary ||
                        std::any_of(under_way_.begin(), under_way_.end(), is_ordinary);
    return strict ? limits_.ordinary : limits_.privileged;
}

bool SendLimiter::is_full(Standing standing, coven::Instant now) {
    return used(now) >= places(standing);
}

coven::Instant SendLimiter::window_turn(Standing standing, coven::Instant now) {
    if (!is_full(standing, now)) return now;
    // So many must leave until there is room for one.
    const auto leaving = used(now) - places(standing) + 1;
    return leaving <= past_.size() ? past_[leaving - 1] : coven::Instant::max();
}

coven::Instant SendLimiter::turn(std::string_view channel, Standing standing, coven::Instant now) {
    const auto window = window_turn(standing, now);
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return window;
    if (found->second.under_way) return coven::Instant::max();
    return standing == Standing::privileged ? window : std::max(window, found->second.next);
}

SendLimiter::Number SendLimiter::take(const std::string& channel, const std::string& text,
                                      Standing standing, coven::Instant now) {
    forget_old(now);
    auto& state = channels_[channel];
    state.under_way = true;
    std::erase_if(state.texts, [now](const auto& row) { return row.second <= now; });
    under_way_.emplace(++last_, UnderWay{channel, text, standing});
    return last_;
}

void SendLimiter::release_at(coven::Instant when) {
    past_.insert(std::upper_bound(past_.begin(), past_.end(), when), when);
}

void SendLimiter::settle(Number number, Outcome outcome, coven::Instant now) {
    const auto found = under_way_.find(number);
    if (found == under_way_.end()) return;
    auto& channel = channels_[found->second.channel];
    channel.under_way = false;
    if (outcome != Outcome::not_written) {
        release_at(now + held());
        channel.next = now + limits_.channel_pause + limits_.margin / 10;
    }
    if (outcome == Outcome::sent) channel.texts[found->second.text] = now + held();
    under_way_.erase(found);
}

coven::Instant SendLimiter::repeat_turn(const std::string& channel, const std::string& text,
                                        coven::Instant now) const {
    for (const auto& [number, line] : under_way_) {
        if (line.channel == channel && line.text == text) return now + held();
    }
    const auto known = channels_.find(channel);
    if (known == channels_.end()) return now;
    const auto found = known->second.texts.find(text);
    return found == known->second.texts.end() ? now : std::max(found->second, now);
}

void SendLimiter::assume_full(coven::Instant now) { count_earlier(limits_.privileged, now); }

void SendLimiter::count_earlier(std::size_t lines, coven::Instant at) {
    for (std::size_t i = 0; i < lines; ++i) release_at(at + held());
}

}  // namespace chat
