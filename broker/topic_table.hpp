#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "moment.hpp"

namespace coven::broker {

/// Events per second of one topic, over the last minute or so: what fell into the running minute,
/// and of the minute before as much as is still within 60 s.
class TopicRate {
  public:
    void count(Instant now);
    /// A topic younger than a minute is averaged over its age, at least a second.
    double per_second(Instant now) const;

  private:
    Instant since_{};
    Instant window_{};
    std::uint32_t before_ = 0;
    std::uint32_t running_ = 0;
};

/// A topic that has had an event, in this life of the broker or in one that the journal knows.
struct TopicEntry {
    std::string name;
    /// Of its newest event.
    std::uint64_t topic_seq = 0;
    std::uint64_t offset = 0;
    std::uint64_t ingest_us = 0;
    Instant heard{};
    TopicRate rate{};
    /// Its events are stored, if there is a journal.
    bool kept = true;
    /// It stands in QuietTopics, waiting for its first and its second beacon.
    bool awaits_first = false;
    bool awaits_second = false;
};

/// All topics. They are never forgotten while the broker runs, since their numbers must go on;
/// so `max_topics` bounds the memory.
class TopicTable {
  public:
    explicit TopicTable(std::size_t max_topics) : max_topics_(max_topics) {}
    TopicTable(const TopicTable&) = delete;
    TopicTable& operator=(const TopicTable&) = delete;

    TopicEntry* find(std::string_view name);
    bool full() const { return entries_.size() >= max_topics_; }
    std::size_t size() const { return entries_.size(); }
    /// `name` must not be there yet. The entry stays where it is for ever.
    TopicEntry& add(std::string_view name);
    /// Sets the numbers of all of them back to those of a topic without events.
    void forget_numbers();

    using Names = std::set<std::string_view>;
    /// Names in byte order, from the first one that sorts after `after` and has `prefix`.
    Names::const_iterator first(std::string_view prefix, std::string_view after) const;
    Names::const_iterator end() const { return names_.end(); }
    const TopicEntry& at(std::string_view name) const { return *by_name_.at(name); }

  private:
    std::size_t max_topics_;
    std::deque<TopicEntry> entries_;
    std::unordered_map<std::string_view, TopicEntry*> by_name_;
    Names names_;
};

}  // namespace coven::broker
