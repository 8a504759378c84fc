#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "coven/result.hpp"

namespace coven::cli {

/// How many instances of a connector are wanted, by its kind.
using Scale = std::map<std::string, std::size_t, std::less<>>;

/// More would not be meant.
inline constexpr std::size_t most_instances = 100;

/// "chat=2,mine=3".
Result<Scale> parse_scale(std::string_view text);

}  // namespace coven::cli
