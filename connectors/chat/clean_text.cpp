#include "clean_text.hpp"

#include <cstdint>
#include <cstring>

#include "coven/utf8.hpp"

namespace chat {

namespace {

/// How much of the start of `text` is ASCII, give or take seven bytes. Most lines are to their end.
std::size_t ascii_prefix(std::string_view text) {
    std::size_t size = 0;
    std::uint64_t eight = 0;
    for (; size + sizeof eight <= text.size(); size += sizeof eight) {
        std::memcpy(&eight, text.data() + size, sizeof eight);
        if ((eight & 0x8080808080808080u) != 0) break;
    }
    return size;
}

}  // namespace

void CleanText::begin(std::string_view line) {
    valid_ = coven::is_utf8(line.substr(ascii_prefix(line)));
}

std::string_view CleanText::operator()(std::string_view piece) {
    if (valid_ || coven::is_utf8(piece)) return piece;
    replaced_ = coven::to_utf8(piece);
    return replaced_;
}

}  // namespace chat
