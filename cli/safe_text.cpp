#include "safe_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "coven/utf8.hpp"

namespace coven::cli {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// What takes no place of its own: combining marks, joiners, variation selectors.
/// https://www.unicode.org/Public/15.0.0/ucd/UnicodeData.txt (general category Mn and Me; blocks
/// that hold little else are taken whole), read 2026-11-22.
constexpr std::array marks = {
    Range{0x300, 0x36f},     Range{0x483, 0x489},   Range{0x591, 0x5bd},   Range{0x610, 0x61a},
    Range{0x64b, 0x65f},     Range{0x670, 0x670},   Range{0x6d6, 0x6dc},   Range{0x6df, 0x6e4},
    Range{0x730, 0x74a},     Range{0x7eb, 0x7f3},   Range{0x816, 0x82d},   Range{0x898, 0x8e1},
    Range{0x8e3, 0x902},     Range{0xe31, 0xe31},   Range{0xe34, 0xe3a},   Range{0xe47, 0xe4e},
    Range{0xeb4, 0xebc},     Range{0xec8, 0xece},   Range{0xf71, 0xf87},   Range{0x135d, 0x135f},
    Range{0x1ab0, 0x1aff},   Range{0x1dc0, 0x1dff}, Range{0x200c, 0x200d}, Range{0x20d0, 0x20f0},
    Range{0x2de0, 0x2dff},   Range{0x302a, 0x302d}, Range{0x3099, 0x309a}, Range{0xa66f, 0xa67d},
    Range{0xa6f0, 0xa6f1},   Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}, Range{0x1d165, 0x1d169},
    Range{0xe0100, 0xe01ef},
};

bool is_mark(char32_t point) {
    const auto* found =
        std::lower_bound(marks.begin(), marks.end(), point,
                         [](const Range& range, char32_t value) { return range.last < value; });
    return found != marks.end() && point >= found->first;
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

/// Marks since the last character that takes a place.
class Tower {
  public:
    /// Counts `mark`; false when it is one too many to be shown.
    bool add() { return ++height_ <= max_marks; }
    void end(std::string& safe) {
        if (height_ > max_marks) safe += fmt::format("\\{{+{} marks}}", height_ - max_marks);
        height_ = 0;
    }

  private:
    int height_ = 0;
};

std::string visible(const CodePoint& point) {
    if (!point.valid) {
        return fmt::format("\\x{:02x}", static_cast<unsigned char>(point.bytes.front()));
    }
    if (is_unprintable(point.value)) {
        return fmt::format("\\u{{{:x}}}", static_cast<unsigned>(point.value));
    }
    return std::string(point.bytes);
}

std::string json_escape(char32_t point) {
    const auto value = static_cast<unsigned>(point);
    if (value < 0x10000) return fmt::format("\\u{:04x}", value);
    return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((value - 0x10000) >> 10),
                       0xdc00 + ((value - 0x10000) & 0x3ff));
}

}  // namespace

std::string safe_text(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    std::string safe;
    safe.reserve(text.size() + 16);
    Tower tower;
    while (!text.empty()) {
        const auto point = take_code_point(text);
        if (point.valid && is_mark(point.value)) {
            if (tower.add()) safe += point.bytes;
            continue;
        }
        tower.end(safe);
        safe += visible(point);
    }
    tower.end(safe);
    return safe;
}

std::string safe_json(std::string json) {
    if (std::all_of(json.begin(), json.end(), is_plain)) return json;
    std::string safe;
    safe.reserve(json.size() + 16);
    for (std::string_view rest = json; !rest.empty();) {
        const auto point = take_code_point(rest);
        if (!point.valid) {
            safe += "\\ufffd";
        } else if (is_unprintable(point.value)) {
            safe += json_escape(point.value);
        } else {
            safe += point.bytes;
        }
    }
    return safe;
}

}  // namespace coven::cli
