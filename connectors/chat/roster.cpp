#include "roster.hpp"

#include <algorithm>

namespace chat {

namespace {

constexpr const char* no_answer = "no answer: no such channel, or Twitch's limit";

}  // namespace

Roster::Roster(const std::vector<std::string>& channels, Limits limits, JoinLimiter& limiter)
    : limits_(limits), limiter_(limiter), queue_(channels.begin(), channels.end()) {
    for (const auto& channel : channels) rooms_.try_emplace(channel);
}

std::vector<std::string> Roster::advance(coven::Instant now) {
    give_up_waiting(now);
    std::vector<std::string> due;
    while (!queue_.empty() && limiter_.room(now) > 0) {
        limiter_.take(now);
        auto& room = rooms_.at(queue_.front());
        room.state = State::joining;
        room.deadline = now + limits_.answer;
        due.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return due;
}

void Roster::give_up_waiting(coven::Instant now) {
    for (auto& [channel, room] : rooms_) {
        if (room.state == State::joining && room.deadline <= now) refuse(channel, no_answer, now);
        if (room.state == State::refused && room.deadline <= now) {
            room.state = State::queued;
            queue_.push_back(channel);
        }
    }
}

coven::Instant Roster::deadline(coven::Instant now) const {
    auto next = queue_.empty() ? coven::Instant::max() : limiter_.turn(0, now);
    for (const auto& [channel, room] : rooms_) {
        const bool waits = room.state == State::joining || room.state == State::refused;
        if (waits) next = std::min(next, room.deadline);
    }
    return next;
}

bool Roster::join(std::string_view channel) {
    const auto found = rooms_.find(channel);
    if (found == rooms_.end() || found->second.state == State::joined) return false;
    std::erase(queue_, found->first);
    found->second = Room{State::joined, {}, {}, true};
    return true;
}

bool Roster::refuse(std::string_view channel, std::string reason, coven::Instant now) {
    const auto found = rooms_.find(channel);
    if (found == rooms_.end() || found->second.state == State::refused) return false;
    std::erase(queue_, found->first);
    found->second = Room{State::refused, now + limits_.retry, std::move(reason), true};
    return true;
}

const Roster::Room* Roster::find(std::string_view channel) const {
    const auto found = rooms_.find(channel);
    return found == rooms_.end() ? nullptr : &found->second;
}

std::size_t Roster::count(State state) const {
    const auto matching = std::count_if(rooms_.begin(), rooms_.end(), [state](const auto& entry) {
        return entry.second.state == state;
    });
    return static_cast<std::size_t>(matching);
}

bool Roster::settled() const {
    return std::all_of(rooms_.begin(), rooms_.end(),
                       [](const auto& entry) { return entry.second.answered; });
}

std::size_t Roster::position(std::string_view channel) const {
    return static_cast<std::size_t>(std::find(queue_.begin(), queue_.end(), channel) -
                                    queue_.begin());
}

coven::Duration Roster::time_left(coven::Instant now) const {
    if (queue_.empty()) return coven::Duration::zero();
    return limiter_.turn(queue_.size() - 1, now) - now;
}

}  // namespace chat
