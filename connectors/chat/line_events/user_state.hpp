#pragma once

#include <string_view>

#include "irc_line.hpp"
#include "twitch/v1/chat_user.pb.h"

namespace chat {

/// Of a USERSTATE or GLOBALUSERSTATE to the account `own_login`.
twitch::v1::ChatUserState read_user_state(const IrcLine& line, std::string_view own_login);

/// Of a WHISPER.
twitch::v1::ChatWhisper read_whisper(const IrcLine& line);
/// The same in every copy of the line; empty where Twitch says too little.
std::string id_of(const twitch::v1::ChatWhisper& whisper);

}  // namespace chat
