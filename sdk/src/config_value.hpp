#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/config.hpp"

namespace coven {

// What a text means as a value. Each Error goes on after the value's name: "is no whole number: …".

Result<std::int64_t> parse_number(std::string_view text);
Result<bool> parse_flag(std::string_view text);
/// Without the blanks at both ends.
std::string_view trimmed(std::string_view text);

/// What is wrong with a value that is of the right kind: a number out of its range, a word that is
/// no choice, a file that cannot be read.
std::optional<Error> value_fault(const Setting& setting, const std::string& text);

}  // namespace coven
