#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/secret.hpp"

namespace coven {

/// What Twitch says in the body of a refusal, in the envelope of the token server
/// (`{"status":400,"message":"…"}`) or of Helix (with `"error"`); fit for a terminal, not longer
/// than 300 bytes, and with `secrets` taken out, should it repeat them. None = not Twitch's words.
std::optional<std::string> refusal_text(std::string_view body, const std::vector<Secret>& secrets);

/// Whether `part` (in lower case) is in `text`, whatever the case of its letters.
bool says(std::string_view text, std::string_view part);

}  // namespace coven
