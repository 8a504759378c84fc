#pragma once

#include "line_events/tag_bag.hpp"
#include "twitch/v1/chat_notice.pb.h"

namespace chat {

/// Fills in the detail of a notice whose `kind` and user are known, from its parameters (the tags
/// `msg-param-…` without that beginning). A kind that we do not know gets none.
void read_detail(TagBag params, twitch::v1::ChatNotice& notice);

}  // namespace chat
