#pragma once

#include <cstddef>
#include <string_view>

#include "coven/topic.hpp"

namespace coven::broker {

/// As many families have a name of their own; the topics of later ones are kept together.
inline constexpr std::size_t max_families = 1000;
/// Of topics of one word, and of those beyond `max_families`.
inline constexpr std::string_view other_topics = "-";

/// What a topic is kept with: its second word, or "bus" for all of `bus.`.
std::string_view family_of(std::string_view topic);
/// False: no topic of `family` matches `pattern`.
bool may_match(const Pattern& pattern, std::string_view family);

}  // namespace coven::broker
