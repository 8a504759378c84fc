#include "journal/checksum.hpp"

#include <isa-l/crc.h>

namespace coven::broker {

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
    // ISA-L reads only, though it takes no const, and leaves both inversions to its caller.
    auto* start = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    return ~crc32_iscsi(start, static_cast<int>(bytes.size()), ~before);
}

}  // namespace coven::broker
