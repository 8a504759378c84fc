#pragma once

#include <string>
#include <string_view>

namespace coven::sim {

/// The bytes of a WebSocket's text frame that says it is `text`, and then only half of it.
std::string half_frame(std::string_view text);

}  // namespace coven::sim
