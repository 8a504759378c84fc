#include "join_queue.hpp"

namespace chat {

JoinQueue::Guest::~Guest() {
    for (const auto& [channel, place] : places_) queue_.line_.erase(place);
}

void JoinQueue::Guest::enter(const std::string& channel, Turn turn) {
    const std::pair place(turn, queue_.last_number_ + 1);
    if (!places_.emplace(channel, place).second) return;
    ++queue_.last_number_;
    queue_.line_.emplace(place, Waiting{this, channel});
}

void JoinQueue::Guest::leave(std::string_view channel) {
    std::erase(granted_, channel);
    const auto found = places_.find(channel);
    if (found == places_.end()) return;
    queue_.line_.erase(found->second);
    places_.erase(found);
}

void JoinQueue::advance(coven::Instant now) {
    while (!line_.empty() && limiter_.room(now) > 0) {
        limiter_.take(now);
        auto next = std::move(line_.extract(line_.begin()).mapped());
        auto& guest = *next.guest;
        guest.places_.erase(next.channel);
        guest.granted_.push_back(std::move(next.channel));
        if (guest.wake) guest.wake();
    }
}

coven::Instant JoinQueue::deadline(coven::Instant now) {
    return line_.empty() ? coven::Instant::max() : turn(0, now);
}

coven::Duration JoinQueue::time_left(coven::Instant now) {
    if (line_.empty()) return coven::Duration::zero();
    return turn(line_.size() - 1, now) - now;
}

std::vector<std::string_view> JoinQueue::line() const {
    std::vector<std::string_view> channels;
    channels.reserve(line_.size());
    for (const auto& [place, waiting] : line_) channels.emplace_back(waiting.channel);
    return channels;
}

}  // namespace chat
