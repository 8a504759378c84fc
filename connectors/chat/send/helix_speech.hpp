#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>

#include "coven/helix.hpp"
#include "send/attempt.hpp"

namespace chat {

/// Who speaks, and where, by Twitch's numeric ids.
struct Place {
    std::string channel_id;
    std::string account_id;
};

/// Sends one line through Helix.
boost::asio::awaitable<Attempt> say_by_helix(coven::Helix& helix, Place place, Speech speech);

/// What Twitch's answer to it means. Pure.
Attempt attempt_of(const coven::HelixResult<coven::JsonValue>& answer);

/// What another write has come to: `sent`, or why not. Pure.
Attempt attempt_of_write(const coven::HelixResult<coven::JsonValue>& answer);

/// `text` in quotes, as JSON wants it. It is valid UTF-8.
std::string json_text(const std::string& text);

}  // namespace chat
