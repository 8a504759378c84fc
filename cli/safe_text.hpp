#pragma once

#include <string>
#include <string_view>

namespace coven::cli {

/// `text` from outside made fit for a terminal and for one line: it can neither move the cursor,
/// nor change colours, nor turn the reading direction, nor start a line, nor grow a tower of
/// combining marks. What could is shown as `\u{1b}`, a byte that is no UTF-8 as `\x9b`; the rest,
/// backslashes too, stays as it is. The result is valid UTF-8.
std::string safe_text(std::string_view text);

/// The same for a line of JSON, without changing what it means: such characters become JSON
/// escapes. `json` is valid JSON on one line; a byte that is no UTF-8 becomes U+FFFD.
std::string safe_json(std::string json);

/// Longest run of marks on one character that is shown; the rest is counted, as `\{+30 marks}`.
inline constexpr int max_marks = 8;

}  // namespace coven::cli
