#pragma once

#include <string>
#include <string_view>

#include "coven/connector.hpp"

namespace coven {

/// The manifest as `--describe` prints it: kind, version, summary, topics, verbs, scopes, settings.
std::string json_of(const Manifest& manifest);

/// The other way round. What a newer program says besides is passed over; says what is missing.
Result<Manifest> manifest_from_json(std::string_view text);

}  // namespace coven
