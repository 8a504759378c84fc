#pragma once

#include <string_view>

namespace coven::sim {

/// What Twitch says with a kind of user notice.
struct UserNoticeKind {
    std::string_view kind;
    /// "name=value;name=value", as in tags, without "msg-param-".
    std::string_view params;
    /// Behind the user's name.
    std::string_view system_message;
};

/// One of no parameters when Twitch does not document it.
const UserNoticeKind& user_notice_kind(std::string_view kind);

}  // namespace coven::sim
