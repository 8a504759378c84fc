#pragma once

#include <array>
#include <string>
#include <variant>

#include "coven/clock.hpp"
#include "coven/v1/request.pb.h"
#include "send/deeds.hpp"

namespace chat {

/// A call as it is understood: a line, a deed, or the answer that it cannot be either.
struct Understood {
    std::variant<coven::v1::Reply, SendOrder, Deed> what;
    /// Whose; empty = the default account.
    std::string account;
};

/// The commands that are answered here.
inline constexpr std::array chat_verbs = {"chat.send",     "chat.action",  "chat.delete",
                                          "chat.announce", "chat.timeout", "chat.ban",
                                          "chat.unban",    "chat.shoutout"};

/// Reads a call of one of `chat_verbs`. Pure: `clock` is only looked at.
Understood understand(const coven::v1::Request& call, const coven::Clock& clock);

}  // namespace chat
