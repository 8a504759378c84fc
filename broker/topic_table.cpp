#include "topic_table.hpp"

#include <algorithm>
#include <cassert>

namespace coven::broker {

namespace {

constexpr auto rate_window = std::chrono::seconds(60);

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

void TopicRate::count(Instant now) {
    if (since_ == Instant{}) since_ = window_ = now;
    const auto passed = now - window_;
    if (passed >= rate_window) {
        before_ = passed < 2 * rate_window ? running_ : 0;
        running_ = 0;
        window_ = now - passed % rate_window;
    }
    ++running_;
}

double TopicRate::per_second(Instant now) const {
    const auto passed = now - window_;
    if (passed >= 2 * rate_window) return 0;
    const bool rotated = passed >= rate_window;
    const auto into = passed % rate_window;
    const double before = rotated ? running_ : before_;
    const double running = rotated ? 0 : running_;
    const double share = 1 - seconds(into) / seconds(rate_window);
    const auto age = std::clamp<double>(seconds(now - since_), 1, seconds(rate_window));
    return (running + before * share) / age;
}

TopicEntry* TopicTable::find(std::string_view name) {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

TopicEntry& TopicTable::add(std::string_view name) {
    assert(find(name) == nullptr);
    auto& entry = entries_.emplace_back();
    entry.name = name;
    by_name_.emplace(entry.name, &entry);
    names_.emplace(entry.name);
    return entry;
}

void TopicTable::forget_numbers() {
    for (auto& entry : entries_) entry.topic_seq = entry.offset = entry.ingest_us = 0;
}

TopicTable::Names::const_iterator TopicTable::first(std::string_view prefix,
                                                    std::string_view after) const {
    return after < prefix ? names_.lower_bound(prefix) : names_.upper_bound(after);
}

}  // namespace coven::broker
