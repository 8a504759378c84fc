#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coven/connector.hpp"
#include "coven/daemon_flags.hpp"

namespace coven {

/// The manifest as `--describe` prints it: kind, version, summary, topics, verbs, scopes, settings
/// of its own, all flags, examples, exit statuses.
std::string json_of(const Manifest& manifest);

/// The other way round. What a newer program says besides is passed over; says what is missing.
Result<Manifest> manifest_from_json(std::string_view text);
/// The flags that it takes; none where it does not say.
std::vector<DaemonFlag> flags_from_json(std::string_view text);

}  // namespace coven
