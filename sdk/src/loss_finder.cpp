#include "loss_finder.hpp"

#include <algorithm>

namespace coven {

std::vector<v1::Lost> LossFinder::confirm(std::uint64_t bus_epoch, std::uint64_t offset) {
    std::vector<v1::Lost> losses;
    if (auto ended = begin_epoch(bus_epoch)) losses.push_back(std::move(*ended));
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
    auto& last = last_of(topic);
    if (auto lost = missing(topic, last, numbers.prev_offset, numbers.topic_seq - 1)) {
        losses.push_back(std::move(*lost));
    }
    last = {numbers.offset, numbers.topic_seq};
    newest_offset_ = std::max(newest_offset_, numbers.offset);
    return losses;
}

std::optional<v1::Lost> LossFinder::check(const v1::HeadBeacon& head) {
    if (head.bus_epoch() != bus_epoch_) return std::nullopt;
    auto& last = last_of(head.topic());
    auto lost = missing(head.topic(), last, head.offset(), head.topic_seq());
    if (head.offset() > last.offset) last = {head.offset(), head.topic_seq()};
    return lost;
}

std::optional<v1::Lost> LossFinder::begin_epoch(std::uint64_t bus_epoch) {
    if (bus_epoch <= bus_epoch_) return std::nullopt;
    const auto ended = bus_epoch_;
    const auto newest = newest_offset_;
    bus_epoch_ = bus_epoch;
    line_ = 0;
    newest_offset_ = 0;
    topics_.clear();
    if (!confirmed_) return std::nullopt;
    v1::Lost lost;
    lost.set_reason(v1::Lost::REASON_EPOCH_ENDED);
    lost.set_bus_epoch(ended);
    lost.set_after_offset(newest);
    return lost;
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
    if (last.topic_seq > 0 || line_ == 0) lost.set_first_seq(last.topic_seq + 1);
    lost.set_last_seq(last_seq);
    lost.set_after_offset(after);
    lost.set_through_offset(through_offset);
    return lost;
}

LossFinder::Last& LossFinder::last_of(std::string_view topic) {
    const auto found = topics_.find(topic);
    if (found != topics_.end()) return found->second;
    return topics_.emplace(std::string(topic), Last{}).first->second;
}

}  // namespace coven
