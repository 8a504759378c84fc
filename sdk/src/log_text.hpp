#pragma once

#include <string>
#include <string_view>

#include "coven/log.hpp"

namespace coven::log {

/// `time=… level=… program=… event=… key=value …` as one JSON object.
std::string json_line(std::string_view time, Level level, std::string_view program,
                      std::string_view event, Fields fields);

/// The same for people: `time level program event key=value …`; values with spaces are quoted.
std::string human_line(std::string_view time, Level level, std::string_view program,
                       std::string_view event, Fields fields);

}  // namespace coven::log
