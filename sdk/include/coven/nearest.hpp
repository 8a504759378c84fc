#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coven {

/// How many letters must change to make one of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// ", did you mean 'NAME'?" for the known name that was probably meant; empty when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace coven
