#pragma once

#include <string>
#include <string_view>

#include "coven/token_store.hpp"

namespace coven {

/// A token as the text of its file. Times are microseconds since the epoch.
Secret token_text(const StoredToken& token);
/// Fails when `text` is none, and when it was written by a newer program; never repeats it.
Result<StoredToken> parse_token(std::string_view text);

}  // namespace coven
