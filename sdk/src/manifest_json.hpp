#pragma once

#include <string>

#include "coven/connector.hpp"

namespace coven {

/// The manifest as `--describe` prints it: kind, version, summary, topics, verbs, scopes, settings.
std::string json_of(const Manifest& manifest);

}  // namespace coven
