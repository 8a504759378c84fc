#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "coven/result.hpp"
#include "eventsub/event_maker.hpp"
#include "eventsub/server.hpp"

namespace coven::sim::eventsub {

/// What is wrong with these words about an event of `type`; nothing = `trigger` takes them.
std::optional<std::string> trigger_fault(std::string_view type, std::string_view fields);

/// Lets an event of `type` happen by hand, in each version that has the fields, to whom `fields`
/// name or else to those whom the first subscription of that type names. How many notifications
/// that makes. There must be no fault, see above.
std::size_t trigger(Server& server, std::string_view type, std::string_view fields);

/// The types, one a line, with the fields of each.
std::string trigger_help();

}  // namespace coven::sim::eventsub
