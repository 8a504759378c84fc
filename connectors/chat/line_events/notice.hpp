#pragma once

#include "chat_message.hpp"
#include "twitch/v1/chat_notice.pb.h"

namespace chat {

/// Makes notices of USERNOTICE lines. One object serves all lines.
class NoticeReader {
  public:
    /// `line` is a USERNOTICE with a channel.
    twitch::v1::ChatNotice read(const IrcLine& line);

  private:
    ChatMessageWriter writer_;
};

}  // namespace chat
