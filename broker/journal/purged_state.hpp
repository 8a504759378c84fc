#pragma once

#include <cstdint>
#include <string>

namespace coven::broker {

/// A topic whose state was forgotten, and the offset of the event that said it.
struct PurgedState {
    std::string topic;
    std::uint64_t offset = 0;
};

}  // namespace coven::broker
