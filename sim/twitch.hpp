#pragma once

#include "api_server.hpp"
#include "chat_server.hpp"

namespace coven::sim {

/// All that this Twitch is made of, for those who drive it.
struct Twitch {
    ChatServer& chat;
    ApiServer& api;
};

}  // namespace coven::sim
