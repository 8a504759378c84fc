#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client_outbox.hpp"

namespace coven::sim {

/// What no honest server sends. Everything but `huge` ends with the end of a line, so that the
/// lines after it are whole.
struct Garbage {
    std::string bytes;
    Outbox::Frame::Kind kind = Outbox::Frame::Kind::text;
};

/// The messages of one kind: "binary", "utf8", "overlong", "huge" or "lines". Empty for any other
/// word.
std::vector<Garbage> garbage(std::string_view kind);

}  // namespace coven::sim
