#pragma once

#include <string_view>

#include "coven/oauth.hpp"
#include "coven/token_store.hpp"

namespace coven {

/// The token in what a person has: the token itself, with or without "oauth:" or "Bearer " before
/// it, or the address that the implicit grant ends at, https://localhost/#access_token=…. Fails for
/// anything else; the message holds nothing of it.
Result<Secret> token_in(std::string_view text);

/// What is to be stored of a pair that somebody has been given: with what Twitch says of it.
StoredToken token_to_store(TokenPair pair, const Validation& validation, Time now);

}  // namespace coven
