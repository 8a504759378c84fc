#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coven/result.hpp"

namespace coven::cli {

/// How many instances of a connector are wanted, by its kind.
using Scale = std::map<std::string, std::size_t, std::less<>>;

/// More would not be meant.
inline constexpr std::size_t most_instances = 100;

/// "chat=2,mine=3".
Result<Scale> parse_scale(std::string_view text);

/// The channels that each of `instances` reads when these share `channels`: a channel goes to the
/// instance with the greatest hash of both names (rendezvous hashing), so that with one instance
/// more or less only the channels of that one move. The order of `channels` is kept.
std::vector<std::vector<std::string>> share_out(const std::vector<std::string>& channels,
                                                const std::vector<std::string>& instances);

}  // namespace coven::cli
