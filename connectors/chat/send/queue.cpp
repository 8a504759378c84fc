#include "send/queue.hpp"

#include <algorithm>

namespace chat {

SendQueue::Ticket SendQueue::add(const std::string& channel, const std::string& text,
                                 std::int32_t priority) {
    rows_.emplace(Rank(-static_cast<std::int64_t>(priority), ++last_), Line{channel, text, false});
    return last_;
}

void SendQueue::remove(Ticket ticket) {
    std::erase_if(rows_, [ticket](const auto& row) { return row.first.second == ticket; });
}

SendQueue::Line* SendQueue::find(Ticket ticket) {
    const auto found = std::find_if(rows_.begin(), rows_.end(), [ticket](const auto& row) {
        return row.first.second == ticket;
    });
    return found == rows_.end() ? nullptr : &found->second;
}

void SendQueue::begin(Ticket ticket) {
    if (auto* line = find(ticket)) line->begun = true;
}

void SendQueue::put_back(Ticket ticket) {
    if (auto* line = find(ticket)) line->begun = false;
}

std::optional<SendQueue::Ticket> SendQueue::next(coven::Instant now) {
    std::optional<std::int64_t> held;
    for (const auto& [rank, line] : rows_) {
        if (line.begun) continue;
        if (held && rank.first > *held) break;
        const auto standing = standing_in_(line.channel);
        if (limiter_.turn(line.channel, standing, now) <= now) return rank.second;
        if (limiter_.is_full(standing, now)) held = rank.first;
    }
    return std::nullopt;
}

coven::Instant SendQueue::deadline(coven::Instant now) {
    auto first = coven::Instant::max();
    for (const auto& [rank, line] : rows_) {
        if (line.begun) continue;
        const auto turn = limiter_.turn(line.channel, standing_in_(line.channel), now);
        if (turn > now) first = std::min(first, turn);
    }
    return first;
}

std::size_t SendQueue::size() const {
    return static_cast<std::size_t>(std::count_if(
        rows_.begin(), rows_.end(), [](const auto& row) { return !row.second.begun; }));
}

bool SendQueue::holds(const std::string& channel, const std::string& text) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const auto& row) {
        return row.second.channel == channel && row.second.text == text;
    });
}

}  // namespace chat
