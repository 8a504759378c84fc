#pragma once

#include "endpoint_call.hpp"

namespace coven::sim {

/// DELETE /helix/moderation/chat: one message, or all.
/// https://dev.twitch.tv/docs/api/reference/#delete-chat-messages (read 2026-11-23)
WebAnswer delete_chat_messages(const EndpointCall& call);
/// POST /helix/moderation/bans: for ever, or with a `duration` a timeout.
/// https://dev.twitch.tv/docs/api/reference/#ban-user (read 2026-11-23)
WebAnswer ban_user(const EndpointCall& call);
/// DELETE /helix/moderation/bans, https://dev.twitch.tv/docs/api/reference/#unban-user (read
/// 2026-11-23)
WebAnswer unban_user(const EndpointCall& call);

}  // namespace coven::sim
