#pragma once

#include <string>

#include "irc_line.hpp"

namespace chat {

/// What stands behind the first parameter of a line, without the wrapping of /me; valid UTF-8.
struct Said {
    std::string text;
    /// Written with /me.
    bool action = false;
};

Said said_in(const IrcLine& line);

}  // namespace chat
