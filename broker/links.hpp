#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "link.hpp"
#include "moment.hpp"

namespace coven::broker {

/// The open connections of the subscribe door, looked at ten times a second while there is work.
class Links {
  public:
    /// What the monitor of the socket tells.
    void opened(int descriptor, Instant now);
    void closed(int descriptor) { links_.erase(descriptor); }
    std::size_t size() const { return links_.size(); }

    bool look_due(Instant now) const { return now >= next_look_; }
    /// Asks the kernel about each, sets how it is written to, and gives those that are stuck.
    std::vector<int> look(Instant now);

    /// Some may hold back what does not fill a segment: `flush` as soon as nothing more comes.
    bool may_hold_back() const { return gathering_ > 0 && !flushed_; }
    void flush();
    /// Something may have been written since.
    void written() { flushed_ = false; }

  private:
    std::unordered_map<int, Link> links_;
    std::size_t gathering_ = 0;
    bool flushed_ = false;
    Instant next_look_{};
};

}  // namespace coven::broker
