#pragma once

#include "endpoint_call.hpp"

namespace coven::sim {

/// GET /helix/moderation/channels: where the token's own account is moderator, by login, in pages.
/// https://dev.twitch.tv/docs/api/reference/#get-moderated-channels (read 2026-11-23)
WebAnswer get_moderated_channels(const EndpointCall& call);

}  // namespace coven::sim
