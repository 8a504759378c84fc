#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace coven::cli {

/// What accounts have done in the simulator's chat, or tried to: the answer to `deeds` as a table.
std::vector<std::string> deed_lines(const boost::json::object& answer);

}  // namespace coven::cli
