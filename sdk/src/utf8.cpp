#include "coven/utf8.hpp"

#include <array>

namespace coven {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// Unicode 15: Cc; Zl, Zp; Bidi_Control; zero-width and invisible format characters. The joiners
/// U+200C and U+200D stay, emoji and several scripts are written with them.
constexpr std::array<Range, 13> unprintable = {{
    {0x0000, 0x001f},
    {0x007f, 0x009f},
    {0x00ad, 0x00ad},
    {0x061c, 0x061c},
    {0x180e, 0x180e},
    {0x200b, 0x200b},
    {0x200e, 0x200f},
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0x1d173, 0x1d17a},
    {0xe0000, 0xe007f},
}};

struct Form {
    std::size_t size;
    char32_t lead_bits;
    char32_t smallest;
};

Form form_of(unsigned char lead) {
    if (lead < 0x80) return {1, lead, 0};
    if (lead >= 0xc2 && lead <= 0xdf) return {2, lead & 0x1fu, 0x80};
    if (lead >= 0xe0 && lead <= 0xef) return {3, lead & 0x0fu, 0x800};
    if (lead >= 0xf0 && lead <= 0xf4) return {4, lead & 0x07u, 0x10000};
    return {0, 0, 0};
}

CodePoint decode(std::string_view text) {
    const CodePoint invalid{0, text.substr(0, 1), false};
    const auto form = form_of(static_cast<unsigned char>(text.front()));
    if (form.size == 0 || text.size() < form.size) return invalid;
    char32_t value = form.lead_bits;
    for (std::size_t i = 1; i < form.size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0) != 0x80) return invalid;
        value = (value << 6) | (byte & 0x3fu);
    }
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < form.smallest || surrogate || value > 0x10ffff) return invalid;
    return {value, text.substr(0, form.size), true};
}

}  // namespace

CodePoint take_code_point(std::string_view& text) {
    const auto point = decode(text);
    text.remove_prefix(point.bytes.size());
    return point;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        // Most text is ASCII: no decoding for it.
        if (static_cast<unsigned char>(text.front()) < 0x80) {
            text.remove_prefix(1);
        } else if (!take_code_point(text).valid) {
            return false;
        }
    }
    return true;
}

std::string to_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto point = take_code_point(text);
        out += point.valid ? point.bytes : std::string_view("\xef\xbf\xbd");
    }
    return out;
}

bool is_unprintable(char32_t point) {
    for (const auto& range : unprintable) {
        if (point >= range.first && point <= range.last) return true;
    }
    return false;
}

}  // namespace coven
