#pragma once

#include <string_view>

#include "chat_message.hpp"
#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "coven/v1/event.pb.h"
#include "coverage.hpp"

namespace chat {

enum class RawLines { keep, leave_out };

/// Makes events of lines. One object serves all of them, so that it allocates next to nothing.
class ChatEvents {
  public:
    explicit ChatEvents(RawLines raw);

    /// Fails when `line` is no chat message. The event stays the same object and is valid until
    /// the next call.
    coven::Result<coven::v1::Event*> read(const IrcLine& line, coven::Time received);

  private:
    RawLines raw_;
    ChatMessageWriter writer_;
    coven::v1::Event event_;
};

/// The announcement of a gap; `channel_id` may be empty.
coven::v1::Event gap_event(const Gap& gap, std::string_view channel_id);

}  // namespace chat
