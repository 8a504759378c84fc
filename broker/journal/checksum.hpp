#pragma once

#include <cstdint>
#include <string_view>

namespace coven::broker {

/// CRC-32C (Castagnoli) of `bytes`; with `before`, of what that is the checksum of and `bytes`.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace coven::broker
