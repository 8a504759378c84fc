#pragma once

#include "api_server.hpp"
#include "chat_server.hpp"

namespace coven::sim {

/// All that this Twitch is made of, for those who drive it.
struct Twitch {
    ChatServer& chat;
    ApiServer& api;
};

/// Makes them one: chat lets in whom the accounts know, and Helix speaks in chat. Both must live as
/// long as either serves.
void introduce(const Twitch& twitch);

}  // namespace coven::sim
