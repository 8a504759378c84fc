#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace bench {

/// A chat line cut at its spaces and semicolons and nothing else: the least that any parser must
/// do. Stored are views of each tag (name and value in one piece), the prefix, the command, and
/// each parameter; nothing is checked, looked up, unescaped or converted.
struct Pieces {
    static constexpr std::size_t most_tags = 64;
    static constexpr std::size_t most_parameters = 15;

    std::array<std::string_view, most_tags> tags;
    std::size_t tag_count = 0;
    std::string_view prefix;
    std::string_view command;
    std::array<std::string_view, most_parameters> parameters;
    std::size_t parameter_count = 0;
};

void split(std::string_view line, Pieces& pieces);

}  // namespace bench
