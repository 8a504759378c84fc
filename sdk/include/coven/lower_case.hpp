#pragma once

#include <string>
#include <string_view>

namespace coven {

/// The letters of ASCII in lower case, whatever the locale; everything else stays.
std::string lower_case(std::string_view text);

}  // namespace coven
