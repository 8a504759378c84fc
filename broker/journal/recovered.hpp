#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace coven::broker {

/// The events from `first_offset` on were numbered in this epoch, up to the first of the next one.
struct Epoch {
    std::uint64_t bus_epoch = 0;
    std::uint64_t first_offset = 0;
};

/// What a journal knows, all of it as of `last_offset`.
struct Recovered {
    /// Of the newest event that was ever stored, though retention may have removed it; 0 = none.
    std::uint64_t last_offset = 0;
    std::uint64_t last_epoch = 0;
    /// Those with stored events, oldest first.
    std::vector<Epoch> epochs;
    struct Head {
        std::string topic;
        std::uint64_t bus_epoch = 0;
        std::uint64_t offset = 0;
        std::uint64_t topic_seq = 0;
        std::uint64_t ingest_us = 0;
    };
    std::vector<Head> heads;
    struct Mark {
        std::uint64_t producer_id = 0;
        std::uint64_t producer_seq = 0;
        /// When its newest event came.
        std::uint64_t last_us = 0;
    };
    std::vector<Mark> marks;
    struct State {
        std::string topic;
        /// With its topic, NUL and tail.
        std::string frame;
    };
    std::vector<State> states;
    /// Records whose checksum is wrong, which are left out above: table and key, for the log.
    std::vector<std::string> damaged;
};

}  // namespace coven::broker
