#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "command_line.hpp"

namespace coven::cli {

/// `coven topics`: the topics that the broker has seen, once or again and again. The exit status.
int topics(const Invocation& invocation);

/// `lines` over what a terminal of `rows` rows and `columns` columns shows; those that do not fit
/// are counted in the last row. A line that is too long is cut; `rows` or `columns` 0 = any.
std::string screen(const std::vector<std::string>& lines, std::size_t rows, std::size_t columns);

}  // namespace coven::cli
