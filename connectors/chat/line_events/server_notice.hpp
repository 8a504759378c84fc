#pragma once

#include <string_view>

#include "irc_line.hpp"
#include "twitch/v1/chat_room.pb.h"

namespace chat {

/// Of a NOTICE.
twitch::v1::ChatServerNotice read_server_notice(const IrcLine& line);

/// What a `msg-id` is about.
twitch::v1::ChatServerNotice::Kind kind_of_notice(std::string_view msg_id);

}  // namespace chat
