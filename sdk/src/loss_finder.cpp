#include "loss_finder.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coven {

namespace {

/// More than a broker has under way to its disk: 10 ms of the fastest stream.
constexpr std::size_t most_recent = 8192;

}  // namespace

std::vector<v1::Lost> LossFinder::confirm(std::uint64_t bus_epoch, std::uint64_t offset,
                                          std::uint64_t first_offset) {
    std::vector<v1::Lost> losses;
    if (auto ended = begin_epoch(bus_epoch)) losses.push_back(std::move(*ended));
    if (bus_epoch == bus_epoch_ && unplaced_) {
        keep_below(first_offset);
        judge_firsts(losses);
    }
    // Of an epoch that begins while we listen, everything is ours.
    if (!confirmed_) line_ = offset;
    confirmed_ = true;
    return losses;
}

std::vector<v1::Lost> LossFinder::arrive(std::string_view topic, const Numbers& numbers) {
    std::vector<v1::Lost> losses;
    if (numbers.offset == 0) return losses;
    if (auto ended = begin_epoch(numbers.bus_epoch)) losses.push_back(std::move(*ended));
    // What was numbered by an earlier life of the broker cannot be compared any more.
    if (numbers.bus_epoch < bus_epoch_) return losses;
    newest_offset_ = std::max(newest_offset_, numbers.offset);
    const bool first = unplaced_ && note_first(topic, numbers);
    auto& [name, last] = entry_of(unplaced_ ? unplaced_topics_ : topics_, topic);
    auto lost = missing(topic, last, numbers.prev_offset, numbers.topic_seq - 1);
    if (lost && !first) losses.push_back(std::move(*lost));
    last = {numbers.offset, numbers.topic_seq, true};
    if (!unplaced_) remember({name, numbers.offset, numbers.topic_seq});
    return losses;
}

std::optional<v1::Lost> LossFinder::check(const v1::HeadBeacon& head) {
    // A barrier will place the epoch; then the heads are asked for again.
    if (head.bus_epoch() != bus_epoch_ || unplaced_) return std::nullopt;
    auto& last = entry_of(topics_, head.topic()).second;
    auto lost = missing(head.topic(), last, head.offset(), head.topic_seq());
    if (head.offset() > last.offset) last = {head.offset(), head.topic_seq(), true};
    return lost;
}

std::optional<v1::Lost> LossFinder::begin_epoch(std::uint64_t bus_epoch) {
    if (bus_epoch <= bus_epoch_) return std::nullopt;
    const auto ended = std::exchange(bus_epoch_, bus_epoch);
    const auto newest = std::exchange(newest_offset_, 0);
    if (!confirmed_) {
        recent_.clear();
        topics_.clear();
        return std::nullopt;
    }
    // An epoch that ends before it was placed leaves nothing that can be compared.
    if (unplaced_) keep_below(1);
    unplaced_ = true;
    unplaced_topics_.clear();
    firsts_.clear();
    v1::Lost lost;
    lost.set_reason(v1::Lost::REASON_EPOCH_ENDED);
    lost.set_bus_epoch(ended);
    lost.set_after_offset(newest);
    return lost;
}

void LossFinder::keep_below(std::uint64_t first_offset) {
    line_ = std::min(line_, first_offset - 1);
    const auto first_seen = first_seen_from(first_offset);
    for (auto& [topic, last] : topics_) {
        if (last.offset < first_offset) continue;
        const auto seen = first_seen.find(topic);
        const bool known = seen != first_seen.end();
        // Where nothing is stored all topics begin anew.
        const bool none = first_offset == 1;
        const auto topic_seq = known && !none ? seen->second - 1 : 0;
        last = {first_offset - 1, topic_seq, known || none};
    }
    recent_.clear();
    next_recent_ = 0;
}

void LossFinder::remember(const Seen& seen) {
    if (recent_.size() < most_recent) {
        recent_.push_back(seen);
        return;
    }
    recent_[next_recent_] = seen;
    next_recent_ = (next_recent_ + 1) % most_recent;
}

std::unordered_map<std::string_view, std::uint64_t> LossFinder::first_seen_from(
    std::uint64_t first_offset) const {
    std::unordered_map<std::string_view, std::uint64_t> first_seen;
    const bool all = recent_.size() < most_recent || recent_[next_recent_].offset < first_offset;
    if (!all) return first_seen;
    for (const auto& seen : recent_) {
        if (seen.offset < first_offset) continue;
        auto& seq = first_seen.try_emplace(seen.topic, seen.topic_seq).first->second;
        seq = std::min(seq, seen.topic_seq);
    }
    return first_seen;
}

bool LossFinder::note_first(std::string_view topic, const Numbers& numbers) {
    if (unplaced_topics_.contains(topic)) return false;
    firsts_.push_back({std::string(topic), numbers.prev_offset, numbers.topic_seq});
    return true;
}

void LossFinder::judge_firsts(std::vector<v1::Lost>& losses) {
    unplaced_ = false;
    for (const auto& first : std::exchange(firsts_, {})) {
        const auto& last = entry_of(topics_, first.topic).second;
        auto lost = missing(first.topic, last, first.prev_offset, first.topic_seq - 1);
        if (lost) losses.push_back(std::move(*lost));
    }
    for (auto& [topic, last] : std::exchange(unplaced_topics_, {})) topics_[topic] = last;
}

std::optional<v1::Lost> LossFinder::missing(std::string_view topic, const Last& last,
                                            std::uint64_t through_offset,
                                            std::uint64_t last_seq) const {
    const auto after = std::max(line_, last.offset);
    if (!confirmed_ || through_offset <= after) return std::nullopt;
    v1::Lost lost;
    lost.set_topic(std::string(topic));
    lost.set_reason(v1::Lost::REASON_SKIPPED);
    lost.set_bus_epoch(bus_epoch_);
    // How many of a topic's events lie behind the line is only known once one was seen.
    if (last.counted || after == 0) lost.set_first_seq(last.topic_seq + 1);
    lost.set_last_seq(last_seq);
    lost.set_after_offset(after);
    lost.set_through_offset(through_offset);
    return lost;
}

LossFinder::Topics::value_type& LossFinder::entry_of(Topics& topics, std::string_view topic) {
    const auto found = topics.find(topic);
    if (found != topics.end()) return *found;
    return *topics.emplace(std::string(topic), Last{}).first;
}

}  // namespace coven
