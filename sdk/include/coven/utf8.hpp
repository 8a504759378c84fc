#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coven {

/// One code point of a text, or one byte that belongs to none.
struct CodePoint {
    char32_t value = 0;
    /// The bytes it was made of; one byte when it is not valid.
    std::string_view bytes;
    bool valid = false;
};

/// Takes the first code point off `text`, which must not be empty. Overlong forms, surrogates and
/// values above U+10FFFF are not valid.
CodePoint take_code_point(std::string_view& text);

bool is_utf8(std::string_view text);

/// `text` with each byte that is no UTF-8 replaced by U+FFFD.
std::string to_utf8(std::string_view text);

/// True for what must not reach a terminal or a log as it is: control characters (C0, DEL, C1),
/// line and paragraph separators, and the marks that change the direction of text
/// (Unicode's Bidi_Control property) or hide in it (zero width, tags, interlinear annotations).
bool is_unprintable(char32_t point);

}  // namespace coven
