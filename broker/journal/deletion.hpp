#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "coven/v1/privacy.pb.h"
#include "journal/payload_texts.hpp"

namespace coven::broker {

/// How far back the messages of a deletion are looked for.
inline constexpr std::chrono::hours deletion_window{1};

/// Whether events of `topic` delete messages: those of `<root>.<family>.<channel>.deleted`,
/// `.clear` and `.cleared`.
bool deletes_messages(std::string_view topic);

/// What the event in `frame`, on such a topic, deletes from `<root>.<family>.<channel>.message`.
/// Its payload says so in text fields (see PayloadTexts):
///
/// - `.deleted`: one message, `target_message_id` or `message_id`;
/// - `.clear`, `.cleared`: all of a user, `target_user_id`, `target_user_login`, `user_id` or
///   `user_login`; all of the channel if it names no user at all besides `broadcaster_user_…`.
///
/// Nothing: that cannot be told.
std::optional<v1::StoredDeletion> deletion_in(std::string_view frame, PayloadTexts& texts);

/// False: these bytes hold no message that it deletes.
bool may_be_in(const v1::StoredDeletion& deletion, std::string_view bytes);
/// Whether it deletes the event in `frame`.
bool is_deleted(const v1::StoredDeletion& deletion, std::string_view frame, PayloadTexts& texts);

}  // namespace coven::broker
