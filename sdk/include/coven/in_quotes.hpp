#pragma once

#include <string>
#include <string_view>

namespace coven {

/// `'text'`, for a message that says what is wrong with it. Of a text of more than 300 bytes the
/// beginning, which ends in "…" and breaks no code point.
std::string in_quotes(std::string_view text);

}  // namespace coven
