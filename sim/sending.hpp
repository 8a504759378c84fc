#pragma once

#include <string>

#include "chat.hpp"

namespace coven::sim {

/// A message that an account wants to say.
struct Draft {
    std::string login;
    /// As the client wrote it, without '#'.
    std::string channel;
    std::string text;
    Deed::Transport transport = Deed::Transport::irc;
    /// As it stood in the tags, still escaped.
    std::string client_nonce = {};
    std::string reply_to = {};
    /// The connection that says it, and does not hear it; nullptr = Helix.
    const Member* speaker = nullptr;
};

/// What became of it.
struct Sent {
    enum class Kind {
        done,
        /// It is told why.
        refused,
        /// And not a word about it.
        ignored
    };
    Kind kind = Kind::done;
    /// Of the message.
    std::string id = {};
    Refusal refusal = {};
};

/// Says `draft` in its channel, if Twitch would let it, and notes the deed.
Sent send(Chat& chat, const Draft& draft);

}  // namespace coven::sim
