#include "split.hpp"

#include <algorithm>

namespace bench {

namespace {

/// Takes everything before the first `end` off `rest`, and `end`.
std::string_view take_until(char end, std::string_view& rest) {
    const auto size = std::min(rest.find(end), rest.size());
    const auto piece = rest.substr(0, size);
    rest.remove_prefix(std::min(size + 1, rest.size()));
    return piece;
}

void split_tags(std::string_view text, Pieces& pieces) {
    while (!text.empty() && pieces.tag_count < Pieces::most_tags) {
        pieces.tags[pieces.tag_count++] = take_until(';', text);
    }
}

}  // namespace

void split(std::string_view line, Pieces& pieces) {
    pieces.tag_count = 0;
    pieces.parameter_count = 0;
    pieces.prefix = {};
    if (line.starts_with('@')) split_tags(take_until(' ', line).substr(1), pieces);
    if (line.starts_with(':')) pieces.prefix = take_until(' ', line).substr(1);
    pieces.command = take_until(' ', line);
    while (!line.empty() && pieces.parameter_count < Pieces::most_parameters) {
        auto& parameter = pieces.parameters[pieces.parameter_count++];
        parameter = line.starts_with(':') ? line.substr(1) : take_until(' ', line);
        if (parameter.data() + parameter.size() == line.data() + line.size()) return;
    }
}

}  // namespace bench
