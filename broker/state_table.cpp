#include "state_table.hpp"

#include <algorithm>

#include "coven/v1/event.pb.h"
#include "journal/tail_view.hpp"

namespace coven::broker {

namespace {

constexpr int most_looked_at = 10'000;
/// Tag and length of one frame of a page, and room for the page's own fields.
constexpr std::size_t entry_overhead_bytes = 4;
constexpr std::size_t page_overhead_bytes = 512;

}  // namespace

bool StateTable::take(const std::string& topic, std::uint64_t flags, std::string_view frame) {
    if ((flags & (v1::EVENT_FLAG_STATE | v1::EVENT_FLAG_STATE_OVER)) == 0) return true;
    forget(topic);
    if ((flags & v1::EVENT_FLAG_STATE_OVER) != 0) return true;
    const auto bytes = topic.size() + frame.size();
    if (bytes_ + bytes > max_bytes_) return false;
    bytes_ += bytes;
    states_.emplace(topic, frame);
    return true;
}

void StateTable::forget(const std::string& topic) {
    const auto found = states_.find(topic);
    if (found == states_.end()) return;
    bytes_ -= topic.size() + found->second.size();
    states_.erase(found);
}

void StateTable::forget(const std::string& topic, std::uint64_t offset) {
    const auto found = states_.find(topic);
    if (found != states_.end() && TailView(found->second).offset() == offset) forget(topic);
}

void StateTable::restore(const std::vector<Recovered::State>& states) {
    states_.clear();
    bytes_ = 0;
    for (const auto& state : states) take(state.topic, v1::EVENT_FLAG_STATE, state.frame);
}

StateTable::States::const_iterator StateTable::next(const std::vector<Pattern>& patterns,
                                                    std::string_view after) const {
    auto first = states_.end();
    for (const auto& pattern : patterns) {
        const auto prefix = pattern.beginning();
        const auto found =
            after < prefix ? states_.lower_bound(prefix) : states_.upper_bound(after);
        if (found == states_.end() || !found->first.starts_with(prefix)) continue;
        if (first == states_.end() || found->first < first->first) first = found;
    }
    return first;
}

v1::StateSnapshot StateTable::page(const std::vector<Pattern>& patterns, const std::string& after,
                                   std::size_t limit, std::size_t max_bytes) const {
    v1::StateSnapshot page;
    std::size_t bytes = page_overhead_bytes;
    std::string_view last = after;
    for (int looked_at = 0;; ++looked_at) {
        const auto state = next(patterns, last);
        if (state == states_.end()) return page;
        const auto& [topic, frame] = *state;
        const auto fits = [&name = topic](const Pattern& one) { return one.matches(name); };
        const bool wanted = std::any_of(patterns.begin(), patterns.end(), fits);
        const auto count = static_cast<std::size_t>(page.frames_size());
        if (wanted) bytes += frame.size() + entry_overhead_bytes;
        const bool full = bytes > max_bytes || (limit > 0 && count >= limit);
        if ((wanted && full) || looked_at >= most_looked_at) break;
        if (wanted) page.add_frames(frame);
        last = topic;
    }
    page.set_next(std::string(last));
    return page;
}

}  // namespace coven::broker
