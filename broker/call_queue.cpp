#include "call_queue.hpp"

namespace coven::broker {

void CallQueue::wait(const ConnectorName& connector, const Turn& turn) {
    lines_[connector].waiting.insert(turn);
}

void CallQueue::stop_waiting(const ConnectorName& connector, const Turn& turn) {
    lines_.at(connector).waiting.erase(turn);
    forget_idle(connector);
}

std::optional<std::uint64_t> CallQueue::take(const ConnectorName& connector) {
    const auto line = lines_.find(connector);
    if (line == lines_.end()) return std::nullopt;
    auto& [waiting, busy] = line->second;
    if (waiting.empty() || busy >= most_at_once) return std::nullopt;
    const auto number = waiting.begin()->number;
    waiting.erase(waiting.begin());
    ++busy;
    return number;
}

void CallQueue::leave(const ConnectorName& connector) {
    --lines_.at(connector).busy;
    forget_idle(connector);
}

void CallQueue::forget_idle(const ConnectorName& connector) {
    const auto line = lines_.find(connector);
    if (line->second.waiting.empty() && line->second.busy == 0) lines_.erase(line);
}

}  // namespace coven::broker
