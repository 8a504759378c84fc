#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "irc_line.hpp"
#include "twitch/v1/chat_room.pb.h"

namespace chat {

/// The state of each room. Twitch tells all of it after a JOIN and then only what changes.
class RoomBook {
  public:
    /// Takes in a ROOMSTATE of `channel`. The whole state, if it is new: another connection, or the
    /// same one after a reconnect, tells what is known.
    std::optional<twitch::v1::ChatRoom> hear(const std::string& channel, const IrcLine& line);
    /// The last state, which nobody is told about any more.
    std::optional<twitch::v1::ChatRoom> forget(std::string_view channel);

  private:
    /// Encoded: a message takes seven times as much, and there is one for each channel.
    std::map<std::string, std::string, std::less<>> rooms_;
};

}  // namespace chat
