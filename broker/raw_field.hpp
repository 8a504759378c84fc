#pragma once

#include <string>
#include <string_view>

namespace coven::broker {

/// `frame`, which was accepted, without the field `raw` of its event. Views `frame`, or `buffer`
/// when it had one; all else is as it was, with the tail last.
std::string_view without_raw(std::string_view frame, std::string& buffer);

}  // namespace coven::broker
