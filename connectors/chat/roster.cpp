#include "roster.hpp"

#include <algorithm>
#include <utility>

namespace chat {

namespace {

constexpr const char* no_answer = "no answer: no such channel, or Twitch's limit";

}  // namespace

Roster::Roster(Limits limits, JoinQueue& queue)
    : limits_(limits), queue_(queue), guest_(std::make_unique<JoinQueue::Guest>(queue)) {}

void Roster::want(const std::string& channel, JoinQueue::Turn turn) {
    if (rooms_.try_emplace(channel).second) unqueued_.emplace_back(channel, turn);
}

bool Roster::drop(std::string_view channel) {
    const auto found = rooms_.find(channel);
    if (found == rooms_.end()) return false;
    const auto state = found->second.state;
    guest_->leave(channel);
    std::erase_if(unqueued_, [channel](const Entry& entry) { return entry.first == channel; });
    rooms_.erase(found);
    return state == State::joining || state == State::joined;
}

void Roster::leave_queue() {
    unqueued_.clear();
    for (const auto& [channel, room] : rooms_) guest_->leave(channel);
}

std::vector<std::string> Roster::advance(coven::Instant now) {
    give_up_waiting(now);
    for (const auto& [channel, turn] : std::exchange(unqueued_, {})) {
        if (rooms_.at(channel).state == State::queued) guest_->enter(channel, turn);
    }
    queue_.advance(now);
    auto due = guest_->take_granted();
    for (const auto& channel : due) {
        auto& room = rooms_.at(channel);
        room.state = State::joining;
        room.deadline = now + limits_.answer;
    }
    return due;
}

void Roster::give_up_waiting(coven::Instant now) {
    for (auto& [channel, room] : rooms_) {
        if (room.state == State::joining && room.deadline <= now) refuse(channel, no_answer, now);
        if (room.state == State::refused && room.deadline <= now) {
            room.state = State::queued;
            guest_->enter(channel, JoinQueue::Turn::last);
        }
    }
}

coven::Instant Roster::deadline(coven::Instant now) const {
    if (!unqueued_.empty()) return now;
    auto next = guest_->waits() ? queue_.deadline(now) : coven::Instant::max();
    for (const auto& [channel, room] : rooms_) {
        const bool waits = room.state == State::joining || room.state == State::refused;
        if (waits) next = std::min(next, room.deadline);
    }
    return next;
}

bool Roster::join(std::string_view channel) {
    const auto found = rooms_.find(channel);
    if (found == rooms_.end() || found->second.state == State::joined) return false;
    guest_->leave(channel);
    found->second = Room{State::joined, {}, {}, true};
    return true;
}

bool Roster::refuse(std::string_view channel, std::string reason, coven::Instant now) {
    const auto found = rooms_.find(channel);
    if (found == rooms_.end() || found->second.state == State::refused) return false;
    guest_->leave(channel);
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

}  // namespace chat
