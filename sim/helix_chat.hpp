#pragma once

#include "endpoint_call.hpp"

namespace coven::sim {

// What accounts say by Helix, with user tokens: app tokens and for_source_only are not played.

/// POST /helix/chat/messages,
/// https://dev.twitch.tv/docs/api/reference/#send-chat-message (read 2026-11-23)
WebAnswer send_chat_message(const EndpointCall& call);
/// POST /helix/chat/announcements,
/// https://dev.twitch.tv/docs/api/reference/#send-chat-announcement (read 2026-11-23)
WebAnswer send_announcement(const EndpointCall& call);
/// POST /helix/chat/shoutouts,
/// https://dev.twitch.tv/docs/api/reference/#send-a-shoutout (read 2026-11-23)
WebAnswer send_shoutout(const EndpointCall& call);

}  // namespace coven::sim
