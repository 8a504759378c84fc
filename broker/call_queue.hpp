#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "routes.hpp"

namespace coven::broker {

/// Whose turn it is: each connector has at most 16 calls at once, the others wait for it in order
/// of priority, then of age.
class CallQueue {
  public:
    static constexpr std::size_t most_at_once = 16;

    struct Turn {
        /// Higher goes first.
        std::int32_t priority = 0;
        /// Of the call: a lower one is older.
        std::uint64_t number = 0;
        bool operator<(const Turn& other) const {
            return priority != other.priority ? priority > other.priority : number < other.number;
        }
    };

    void wait(const ConnectorName& connector, const Turn& turn);
    void stop_waiting(const ConnectorName& connector, const Turn& turn);
    /// The number of the call whose turn it is. It has a place until `leave`. Nobody waits or no
    /// place is free = none.
    std::optional<std::uint64_t> take(const ConnectorName& connector);
    /// A place becomes free.
    void leave(const ConnectorName& connector);

  private:
    struct Line {
        std::set<Turn> waiting;
        std::size_t busy = 0;
    };

    void forget_idle(const ConnectorName& connector);

    std::map<ConnectorName, Line> lines_;
};

}  // namespace coven::broker
