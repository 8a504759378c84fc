#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"

namespace coven {

/// What the instances of one kind of connector know of each other, as the broker tells it with
/// each heartbeat, and the channels that people added and removed at run time.
struct Replicas {
    struct Instance {
        std::string name;
        /// By the broker's clock.
        Time last_beat;
    };

    /// Ordered by name. This instance is always among them.
    std::vector<Instance> there;
    /// Those that said goodbye or missed three heartbeats within the last ten minutes and are not
    /// back, ordered by name.
    std::vector<Instance> gone;
    /// The last heartbeat of the process that had this instance's name before, by the broker's
    /// clock; nothing = none within the last ten minutes, or the broker does not know.
    std::optional<Time> earlier_beat;
    /// Logins that are wanted, and not wanted, whatever the configuration says; ordered, none is in
    /// both.
    std::vector<std::string> added;
    std::vector<std::string> removed;
};

/// Which of the instances that are there `key` (a channel, an account) belongs to. All come to the
/// same answer, and one that comes or goes moves its own share alone (rendezvous hashing).
const std::string& owner_of(std::string_view key, const Replicas& replicas);

}  // namespace coven
