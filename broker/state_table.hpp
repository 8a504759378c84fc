#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coven/topic.hpp"
#include "coven/v1/history.pb.h"
#include "journal/recovered.hpp"

namespace coven::broker {

/// The last event of each topic that has a state: the fold of all events with the state flag.
class StateTable {
  public:
    /// `max_bytes` of topics and frames: what does not fit is not kept.
    explicit StateTable(std::size_t max_bytes) : max_bytes_(max_bytes) {}
    StateTable(const StateTable&) = delete;
    StateTable& operator=(const StateTable&) = delete;

    /// `frame` as it goes out; `flags` are its EventFlag bits. False: it is a state for which there
    /// is no room; what was kept of its topic is forgotten, so that nobody takes it for current.
    bool take(const std::string& topic, std::uint64_t flags, std::string_view frame);
    /// Forgets the state of `topic` if the event with this offset said it.
    void forget(const std::string& topic, std::uint64_t offset);
    /// In place of all.
    void restore(const std::vector<Recovered::State>& states);
    std::size_t size() const { return states_.size(); }

    /// Frames and `next`, not longer than `max_bytes`. Looks at no more than 10 000 topics, so a
    /// page may be empty and not the last.
    v1::StateSnapshot page(const std::vector<Pattern>& patterns, const std::string& after,
                           std::size_t limit, std::size_t max_bytes) const;

  private:
    using States = std::map<std::string, std::string, std::less<>>;

    void forget(const std::string& topic);
    /// The first behind `after` that begins like one of the patterns.
    States::const_iterator next(const std::vector<Pattern>& patterns, std::string_view after) const;

    std::size_t max_bytes_;
    std::size_t bytes_ = 0;
    States states_;
};

}  // namespace coven::broker
