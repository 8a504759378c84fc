#pragma once

#include <string_view>

namespace chat {

/// What a NOTICE in a channel says about a line that we have just written there.
enum class NoticeMeaning {
    /// It is not in chat.
    refusal,
    /// It is not in chat, and the account writes more than it may.
    limit,
    /// It is about something else.
    nothing,
    /// We do not know this msg-id: no reason to believe either.
    unknown,
};

NoticeMeaning meaning_of_notice(std::string_view msg_id);

/// The same for the code of a line that Helix has dropped; it is dropped in any case.
bool says_limit(std::string_view drop_code);

}  // namespace chat
