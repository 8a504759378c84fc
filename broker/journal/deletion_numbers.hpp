#pragma once

#include <cstdint>

namespace coven::broker {

/// What became of events that delete messages, since the journal was opened.
struct DeletionNumbers {
    /// Messages that were forgotten.
    std::uint64_t messages = 0;
    /// Deletions for which no message was found.
    std::uint64_t not_found = 0;
    /// Events that should be deletions and cannot be read.
    std::uint64_t unreadable = 0;
};

}  // namespace coven::broker
