#include "line_events/said.hpp"

#include "action.hpp"
#include "coven/utf8.hpp"

namespace chat {

Said said_in(const IrcLine& line) {
    const auto whole = line.rest_from(1);
    const bool action = is_action(whole);
    return {coven::to_utf8(action ? without_action(whole) : whole), action};
}

}  // namespace chat
