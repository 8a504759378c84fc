#pragma once

#include <string>

#include <boost/json/value.hpp>

namespace coven::cli {

/// JSON for people: one member a line, without a line's end at the end.
std::string pretty(const boost::json::value& value);

}  // namespace coven::cli
