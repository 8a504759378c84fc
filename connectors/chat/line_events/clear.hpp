#pragma once

#include <optional>
#include <string>

#include "irc_line.hpp"
#include "twitch/v1/chat_room.pb.h"

namespace chat {

/// Whether what was deleted is told once more.
enum class DeletedText { tell, leave_out };

/// Of a CLEARCHAT with a channel.
twitch::v1::ChatClear read_clear(const IrcLine& line);
/// The same in every copy of the line, so that a repeat is known; empty where Twitch says too
/// little.
std::string id_of(const twitch::v1::ChatClear& clear);

/// Of a CLEARMSG with a channel. Nothing when it does not say which message.
std::optional<twitch::v1::ChatDeleted> read_deleted(const IrcLine& line, DeletedText text);
std::string id_of(const twitch::v1::ChatDeleted& deleted);

}  // namespace chat
