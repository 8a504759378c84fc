#include "half_frame.hpp"

namespace coven::sim {
namespace {

/// The beginning of an unmasked text frame of `size` bytes (RFC 6455, 5.2).
std::string frame_header(std::size_t size) {
    constexpr std::size_t longest_short = 125;
    std::string header("\x81");
    constexpr std::size_t longest_medium = 65535;
    if (size <= longest_short) return header + static_cast<char>(size);
    header += size <= longest_medium ? '\x7e' : '\x7f';
    const int first = size <= longest_medium ? 8 : 56;
    for (int shift = first; shift >= 0; shift -= 8) header += static_cast<char>(size >> shift);
    return header;
}

}  // namespace

std::string half_frame(std::string_view text) {
    return frame_header(text.size()).append(text.substr(0, text.size() / 2));
}

}  // namespace coven::sim
