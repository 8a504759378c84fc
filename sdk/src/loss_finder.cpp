#include "loss_finder.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coven {

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
    auto& last = last_of(unplaced_ ? unplaced_topics_ : topics_, topic);
    auto lost = missing(topic, last, numbers.prev_offset, numbers.topic_seq - 1);
    if (lost && !first) losses.push_back(std::move(*lost));
    last = {numbers.offset, numbers.topic_seq};
    return losses;
}

std::optional<v1::Lost> LossFinder::check(const v1::HeadBeacon& head) {
    // A barrier will place the epoch; then the heads are asked for again.
    if (head.bus_epoch() != bus_epoch_ || unplaced_) return std::nullopt;
    auto& last = last_of(topics_, head.topic());
    auto lost = missing(head.topic(), last, head.offset(), head.topic_seq());
    if (head.offset() > last.offset) last = {head.offset(), head.topic_seq()};
    return lost;
}

std::optional<v1::Lost> LossFinder::begin_epoch(std::uint64_t bus_epoch) {
    if (bus_epoch <= bus_epoch_) return std::nullopt;
    const auto ended = std::exchange(bus_epoch_, bus_epoch);
    const auto newest = std::exchange(newest_offset_, 0);
    if (!confirmed_) {
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
    for (auto& [topic, last] : topics_) {
        if (last.offset >= first_offset) last = {first_offset - 1, 0};
    }
}

bool LossFinder::note_first(std::string_view topic, const Numbers& numbers) {
    if (unplaced_topics_.contains(topic)) return false;
    firsts_.push_back({std::string(topic), numbers.prev_offset, numbers.topic_seq});
    return true;
}

void LossFinder::judge_firsts(std::vector<v1::Lost>& losses) {
    unplaced_ = false;
    for (const auto& first : std::exchange(firsts_, {})) {
        const auto& last = last_of(topics_, first.topic);
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
    if (last.topic_seq > 0 || after == 0) lost.set_first_seq(last.topic_seq + 1);
    lost.set_last_seq(last_seq);
    lost.set_after_offset(after);
    lost.set_through_offset(through_offset);
    return lost;
}

LossFinder::Last& LossFinder::last_of(Topics& topics, std::string_view topic) {
    const auto found = topics.find(topic);
    if (found != topics.end()) return found->second;
    return topics.emplace(std::string(topic), Last{}).first->second;
}

}  // namespace coven
